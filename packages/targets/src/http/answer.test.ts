import { describe, expect, it } from '@jest/globals';
import { excerptOf } from './answer.js';

function excerpt(body: string): string {
  return excerptOf({ status: 400, headers: {}, body: Buffer.from(body) }, []);
}

describe('what is quoted of an answer', () => {
  it('is whole where it is short, in one line', () => {
    expect(excerpt('  no\n\0such  item ')).toBe('no such item');
  });

  it('is never cut in the middle of a character', () => {
    expect(excerpt(`${'a'.repeat(499)}😀`)).toBe(`${'a'.repeat(499)}…`);
    expect(excerpt(`${'a'.repeat(498)}😀!`)).toBe(`${'a'.repeat(498)}😀…`);
  });
});
