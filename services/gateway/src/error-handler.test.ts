import { describe, expect, it } from '@jest/globals';
import { ERRORS, EdenError } from '@eden/domain';
import { STATUS_OF, errorAnswer, toEdenError } from './error-handler.js';

describe('the answer to an error', () => {
  it('has a status for every code, and a retry hint where waiting helps', () => {
    for (const code of Object.keys(ERRORS) as (keyof typeof ERRORS)[]) {
      const { status, headers } = errorAnswer(new EdenError(code), 'r1');
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers?.['Retry-After'] !== undefined).toBe([423, 429, 503].includes(STATUS_OF[code]));
    }
  });

  it('is the sentence, the keys of the guide, the code and the request id', () => {
    const error = new EdenError('TEMPLATE_NOT_FOUND', {
      template_id: 'nonexistent_template',
      suggestion: 'Verify template exists in your organization',
    });
    expect(errorAnswer(error, 'r1').body).toEqual({
      error: 'Template not found',
      template_id: 'nonexistent_template',
      suggestion: 'Verify template exists in your organization',
      code: 'TEMPLATE_NOT_FOUND',
      request_id: 'r1',
    });
  });

  it('lets no context replace the sentence or the code', () => {
    const error = new EdenError('INTERNAL', { error: 'mine', code: 'mine', request_id: 'mine' });
    expect(errorAnswer(error, 'r1').body).toEqual({
      error: 'Internal server error',
      code: 'INTERNAL',
      request_id: 'r1',
    });
  });

  it('says nothing of what was unexpected', () => {
    const unexpected = new Error('password authentication failed for postgresql://eden:hidden@db');
    expect(JSON.stringify(errorAnswer(toEdenError(unexpected), 'r1'))).not.toContain('hidden');
    expect(toEdenError('a string')).toMatchObject({ code: 'INTERNAL' });
  });
});
