import { describe, expect, it } from '@jest/globals';
import { ApiError, UnreachableError, WaitTimeoutError } from '@eden/client';
import { CommandError, EXIT, exitCodeOf, exitCodeOfRun, stepsThatStay, type RunEnd } from './exit-codes.js';

function api(status: number, code: string): ApiError {
  return new ApiError(status, { error: 'no', code });
}

describe('exit codes', () => {
  it('are those that scripts rely on', () => {
    expect(EXIT).toEqual({
      done: 0,
      failedToTry: 1,
      usage: 2,
      notAllowed: 3,
      changes: 5,
      refused: 10,
      inDoubt: 20,
      awaitsApproval: 30,
      timeout: 124,
      interrupted: 130,
    });
  });

  it.each([
    [api(400, 'VALIDATION_FAILED'), EXIT.failedToTry],
    [api(401, 'AUTHENTICATION_REQUIRED'), EXIT.notAllowed],
    [api(403, 'INSUFFICIENT_PERMISSIONS'), EXIT.notAllowed],
    [api(404, 'MIGRATION_NOT_FOUND'), EXIT.failedToTry],
    [api(409, 'RUN_IN_PROGRESS'), EXIT.refused],
    [api(409, 'IDEMPOTENCY_KEY_IN_USE'), EXIT.failedToTry],
    [api(409, 'RUN_IN_DOUBT'), EXIT.inDoubt],
    [api(409, 'MIGRATION_AWAITS_APPROVAL'), EXIT.awaitsApproval],
    [api(422, 'ATOMICITY_REFUSED'), EXIT.refused],
    [api(423, 'LOCK_TIMEOUT'), EXIT.refused],
    [api(500, 'MIGRATION_EXECUTION_FAILED'), EXIT.refused],
    [api(500, 'INTERNAL_ERROR'), EXIT.failedToTry],
    [api(503, 'SERVICE_UNAVAILABLE'), EXIT.failedToTry],
    [new UnreachableError('http://x', new Error('y')), EXIT.failedToTry],
    [new WaitTimeoutError('r', 1000), EXIT.timeout],
    [new CommandError('a', 'b', EXIT.usage), EXIT.usage],
    [new Error('a fault'), EXIT.failedToTry],
  ])('of %s is %d', (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });

  it.each([
    ['succeeded', EXIT.done],
    ['failed', EXIT.refused],
    ['cancelled', EXIT.refused],
    ['in_doubt', EXIT.inDoubt],
  ] as const)('of a run that is %s is %d', (state, code) => {
    expect(exitCodeOfRun({ state })).toBe(code);
  });

  it('of a run that came before the approval is that of what waits for it', () => {
    const error = { error: 'Migration awaits approval', code: 'MIGRATION_AWAITS_APPROVAL' };
    expect(exitCodeOfRun({ state: 'failed', error })).toBe(EXIT.awaitsApproval);
  });

  const left = { api_id: 'shop.orders', template: '2_index.sql', state: 'left' };

  it.each(['failed', 'cancelled'] as const)('of a run that is %s, and whose step stays, is that of a part', (state) => {
    const steps = [{ ...left, state: 'undone' }, left] as unknown as NonNullable<RunEnd['steps']>;
    expect(exitCodeOfRun({ state, steps })).toBe(EXIT.inDoubt);
    expect(exitCodeOfRun({ state, steps: steps.slice(0, 1) })).toBe(EXIT.refused);
    expect(exitCodeOfRun({ state: 'succeeded', steps })).toBe(EXIT.done);
    expect(stepsThatStay({ state, steps })).toEqual(['shop.orders, 2_index.sql']);
  });

  it('of a run in doubt that was resolved as not done does not say that nothing has changed', () => {
    const error = { error: 'Migration run is in doubt', code: 'RUN_IN_DOUBT' };
    expect(exitCodeOfRun({ state: 'failed', error })).toBe(EXIT.inDoubt);
  });
});
