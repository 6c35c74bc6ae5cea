import { describe, expect, it } from '@jest/globals';
import { LONGEST_PIECE, piecesOfBytes, piecesOfText } from './pieces.js';

describe('pieces', () => {
  it('are as long as may be, and together the whole', () => {
    const bytes = Uint8Array.from({ length: 2 * LONGEST_PIECE + 3 }, (_, at) => at % 251);
    const pieces = [...piecesOfBytes(bytes)];
    expect(pieces.map(({ length }) => length)).toEqual([LONGEST_PIECE, LONGEST_PIECE, 3]);
    expect(Buffer.compare(Buffer.concat(pieces), bytes)).toBe(0);
    expect([...piecesOfBytes(new Uint8Array())]).toEqual([]);
  });

  it('of a text divide no character', () => {
    const text = `${'a'.repeat(LONGEST_PIECE - 1)}🐘${'b'.repeat(LONGEST_PIECE)}`;
    const pieces = [...piecesOfText(text)];
    expect(pieces.join('')).toBe(text);
    expect(pieces.every((piece) => Buffer.from(piece).toString() === piece)).toBe(true);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(LONGEST_PIECE);
  });
});
