import { describe, expect, it } from '@jest/globals';
import { RowWork } from './row-work.js';

describe('the work of one row', () => {
  it('is the sum of its values, and begins anew with each row', () => {
    const work = new RowWork();
    const half = `[${'1,'.repeat(131_000)}1]`;
    const spend = (): void => {
      work.spendOnJson(half);
      work.spendOnJson(half);
    };
    spend();
    expect(() => work.spendOnArray('x'.repeat(10_000))).toThrow('MAX_ROW_ELEMENTS');
    work.startRow();
    expect(spend).not.toThrow();
  });

  it('has a limit for the depth of JSON', () => {
    expect(() => new RowWork().spendOnJson('['.repeat(1000))).not.toThrow();
    expect(() => new RowWork().spendOnJson('['.repeat(1001))).toThrow('MAX_JSON_DEPTH');
  });
});
