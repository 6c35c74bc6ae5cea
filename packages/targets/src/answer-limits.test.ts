import { describe, expect, it } from '@jest/globals';
import { AnswerLimits } from './answer-limits.js';

describe('the memory for answers', () => {
  it('has no room beside what clients have not taken yet', () => {
    const limits = new AnswerLimits({ maxBytes: 10, maxRows: 1 });
    expect(limits.take(160)).toBe(true);
    limits.giveBack(160);
    limits.hold(170);
    expect(limits.take(1)).toBe(false);
    limits.giveBack(20);
    expect(limits.take(10)).toBe(true);
    expect(limits.take(1)).toBe(false);
  });
});
