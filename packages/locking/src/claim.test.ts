import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeHolder, encodeHolder, makeClaim, toParticipant } from './claim.js';

const owners = fc.record({ purpose: fc.string({ unit: 'grapheme' }), fence: fc.nat() }, { requiredKeys: ['purpose'] });

describe('the value of a lock holder', () => {
  it('says who holds it, in which mode, what for and since when', () => {
    fc.assert(
      fc.property(owners, fc.nat(), (owner, since) => {
        const claim = makeClaim('write', 'host:1', owner);
        expect(decodeHolder(encodeHolder(claim, { number: 1, since, patienceMs: 500 }))).toEqual({ ...claim, since });
      }),
    );
  });

  it('is another one for every attempt of a request, and for every request', () => {
    const attempt = { number: 1, since: 0, patienceMs: 500 };
    const claim = makeClaim('read', 'host:1', { purpose: 'execution' });
    const sibling = makeClaim('read', 'host:1', { purpose: 'execution' });
    const values = [
      encodeHolder(claim, attempt),
      encodeHolder(claim, { ...attempt, number: 2 }),
      encodeHolder(sibling, attempt),
    ];
    expect(new Set(values).size).toBe(3);
  });

  it('is refused when something else was stored in its place', () => {
    expect(() => decodeHolder('somebody')).toThrow(SyntaxError);
  });

  it('shows a fence only when there is one', () => {
    expect(toParticipant(makeClaim('write', 'host:1', { purpose: 'run', fence: 7 }), 1)).toHaveProperty('fence', 7);
    expect(toParticipant(makeClaim('write', 'host:1', { purpose: 'run' }), 1)).not.toHaveProperty('fence');
  });
});
