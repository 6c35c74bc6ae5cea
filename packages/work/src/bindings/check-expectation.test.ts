import { describe, expect, it } from '@jest/globals';
import type { Expectation, JsonObject } from '@eden/domain';
import { checkExpectation } from './check-expectation.js';

const result = (rows: readonly JsonObject[], rowCount = rows.length) => ({ rows, rowCount, batches: 0 });
const check = (expectation: Expectation | undefined, rows: readonly JsonObject[], rowCount?: number) => () => {
  checkExpectation(expectation, result(rows, rowCount));
};

describe('checkExpectation', () => {
  it('holds when nothing is expected', () => {
    expect(check(undefined, [])).not.toThrow();
  });

  it('compares the first column of the first row', () => {
    expect(check({ value: true }, [{ ok: true, n: 1 }, { ok: false }])).not.toThrow();
    expect(check({ value: true }, [{ ok: false }])).toThrow('Template expectation not met');
    expect(check({ value: { a: 1, b: 2 } }, [{ doc: { b: 2, a: 1 } }])).not.toThrow();
  });

  it('takes a number and the same number as text for equal, exactly', () => {
    expect(check({ value: 42 }, [{ count: '42' }])).not.toThrow();
    expect(check({ value: '9007199254740993' }, [{ count: '9007199254740992' }])).toThrow();
    expect(check({ value: 1 }, [{ flag: true }])).toThrow();
  });

  it('tells what it expected and what it found', () => {
    expect(check({ value: 3 }, [{ count: 4 }])).toThrow(
      expect.objectContaining({
        code: 'EXPECTATION_FAILED',
        context: { details: 'Expected 3, found 4', expected: 3, actual: 4 },
      }),
    );
    expect(check({ value: 3 }, [])).toThrow(
      expect.objectContaining({ context: { details: 'Expected 3, found "no rows"', expected: 3, actual: 'no rows' } }),
    );
  });

  it('checks the row count, of returned and of changed rows', () => {
    expect(check({ row_count: 5 }, [], 5)).not.toThrow();
    expect(check({ row_count: 5 }, [], 4)).toThrow('Template expectation not met');
  });

  it('checks that there are no rows', () => {
    expect(check({ no_rows: true }, [])).not.toThrow();
    expect(check({ no_rows: true }, [{ id: 1 }])).toThrow('Template expectation not met');
  });
});
