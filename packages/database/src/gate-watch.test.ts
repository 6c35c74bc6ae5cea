import { describe, expect, it } from '@jest/globals';
import { asUuid, type GateQuestion } from '@eden/domain';
import type { Client } from './client.js';
import { GateWatch } from './gate-watch.js';

const QUESTION: GateQuestion = {
  organizationUuid: asUuid('550e8400-e29b-41d4-a716-446655440001'),
  ref: 'm',
  isOver: () => true,
  timeoutMs: 60_000,
  signal: new AbortController().signal,
};

/** A control database without migrations. */
const client = { $queryRaw: () => Promise.resolve([]), run: { findMany: () => Promise.resolve([]) } };

describe('a gate', () => {
  it('is looked at for whoever comes at any moment of the look before, and not by the next poll only', async () => {
    const notifications = { on: () => () => undefined, close: () => Promise.resolve() };
    for (let turns = 0; turns < 20; turns += 1) {
      const watch = new GateWatch(client as unknown as Client, notifications);
      expect(await watch.wait(QUESTION)).toBeNull();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      // All that the look needs happens before that; the poll comes seconds later.
      const tooLate = new Promise((resolve) => setImmediate(resolve, 'too late'));
      expect(await Promise.race([watch.wait(QUESTION), tooLate])).toBeNull();
    }
  });
});
