import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatCursor, parseCursor } from './paging.js';

const dates = fc.date({ min: new Date(0), max: new Date('5000-01-01'), noInvalidDate: true });

describe('a cursor', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(dates, fc.uuid(), (createdAt, uuid) => {
        expect(parseCursor(formatCursor({ createdAt, uuid }))).toEqual({ createdAt, uuid });
      }),
    );
  });

  it('is nothing else', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseCursor(text)).toThrow('Validation failed');
      }),
    );
  });
});
