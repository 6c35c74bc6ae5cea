import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../exit-codes.js';
import { callAt, json, type Handler } from '../testing/call-at.js';
import { newFolder } from '../testing/captured.js';

const plan = { hash: '3f2a9c', atomicity: 'atomic', current: true, apis: [], databases: [], later_parts: [] };
const approval = { plan_hash: plan.hash, approved_by: 'bob', approved_at: '2026-11-27T12:00:00Z' };
const ANSWERS = {
  'GET /api/v1/migrations/shop/plan': json({ status: 'success', data: plan }),
  'POST /api/v1/migrations/shop/approve': json({ status: 'success', data: approval }),
};

describe('eden approve --plan', () => {
  it.each(['', ' ', 'latest', '3f2a9c '])('%j, which is the beginning of no hash, asks nothing', async (hash) => {
    const { code, err, asked } = await callAt(['approve', 'shop', '--yes', '--plan', hash], ANSWERS);
    expect([code, asked]).toEqual([EXIT.usage, []]);
    expect(err).toContain(`"${hash}" is no hash of a plan`);
  });

  it.each([
    ['3', EXIT.done, ['GET', 'POST']],
    ['3f2a9c', EXIT.done, ['GET', 'POST']],
    ['f', EXIT.refused, ['GET']],
  ])('%s approves the plan whose hash begins so, and no other', async (hash, end, methods) => {
    const { code, asked } = await callAt(['approve', 'shop', '--yes', '--plan', hash], ANSWERS);
    expect([code, asked.map((question) => question.split(' ')[0])]).toEqual([end, methods]);
  });
});

describe('eden approve', () => {
  it.each([['approve'], ['migrations', 'approve']])('without a terminal is meant: %j', async (...verb) => {
    const { code, err } = await callAt([...verb, 'shop'], ANSWERS);
    expect({ code, err }).toEqual({ code: EXIT.done, err: expect.stringContaining('Approved by bob') });
  });

  it.each([
    ['y\n', EXIT.done, ['GET', 'POST']],
    ['\n', EXIT.refused, ['GET']],
  ])('on a terminal asks, and %j has the exit code %d', async (input, end, methods) => {
    const { code, asked, err } = await callAt(['approve', 'shop'], ANSWERS, { input, isTTY: true, isTyped: true });
    expect([code, asked.map((question) => question.split(' ')[0])]).toEqual([end, methods]);
    expect(err).toContain('Approve this plan of shop? [y/N]');
  });
});

describe('eden approve --wait', () => {
  const wait = ['--wait', '--timeout', '1h'];
  /** The plan, by whose answer the time of the waiting is over. */
  const late: Handler = (request, response) => {
    const over = Date.now() + 3_600_000;
    jest.spyOn(Date, 'now').mockReturnValue(over);
    ANSWERS['GET /api/v1/migrations/shop/plan'](request, response);
  };

  afterEach(() => void jest.restoreAllMocks());

  it('is held no longer than its --timeout where the newest release is never told', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'eden.yaml'), 'version: 1\nmigration: shop\n');
    const { code, asked } = await callAt(['approve', '--yes', '--wait', '--timeout', '2s'], {}, { cwd });
    expect({ code, first: asked[0] }).toEqual({ code: EXIT.timeout, first: 'GET /api/v1/migrations' });
  });

  it.each([
    ['--yes on a terminal', ['--yes'], { isTTY: true, isTyped: true }],
    ['no terminal', [], {}],
  ])('with %s has one time for all that it asks the gateway', async (_, flags, options) => {
    const answers = { 'GET /api/v1/migrations/shop/plan': late };
    const { code } = await callAt(['approve', 'shop', ...flags, ...wait], answers, options);
    expect(code).toBe(EXIT.timeout);
  });

  it('has its time anew once somebody has thought about the question', async () => {
    const answers = { ...ANSWERS, 'GET /api/v1/migrations/shop/plan': late };
    const { code } = await callAt(['approve', 'shop', ...wait], answers, { input: 'y\n', isTTY: true, isTyped: true });
    expect(code).toBe(EXIT.done);
  });

  it.each([['approve'], ['migrations', 'approve']])('of %j is over with the approval', async (...verb) => {
    const { code, err } = await callAt([...verb, 'shop', '--yes', '--wait', '--timeout', '1m'], ANSWERS);
    expect({ code, err }).toEqual({ code: EXIT.done, err: expect.stringContaining('Approved by bob') });
  });
});
