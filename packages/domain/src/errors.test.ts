import { describe, expect, it } from '@jest/globals';
import { EdenError, fromStoredError, toStoredError } from './errors.js';

describe('an error that is stored', () => {
  it('is its code, its sentence and its context, and comes back as it was', () => {
    const error = new EdenError('TEMPLATE_EXECUTION_FAILED', { status: 422, errors: [{ line: 3, hint: null }] });
    expect(fromStoredError(toStoredError(error))).toEqual(error);
  });

  it('has no text in it that the database refuses, wherever that stands', () => {
    const half = '😀'.slice(0, 1);
    const error = new EdenError('TEMPLATE_EXECUTION_FAILED', { errors: [{ answer: `a${half}b\0c😀` }] });
    expect(toStoredError(error).context).toEqual({ errors: [{ answer: 'a\uFFFDb\uFFFDc😀' }] });
  });

  it('tells nothing of what nobody has foreseen', () => {
    expect(toStoredError(new TypeError('secret'))).toMatchObject({ code: 'INTERNAL', context: {} });
  });
});
