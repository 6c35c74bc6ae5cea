import { describe, expect, it } from '@jest/globals';
import { describeLockContract, LOCK_CASES } from '../../../locking/src/testing/contract.js';
import { simulatedLocks } from '../testing/simulated-locks.js';

/** The same cases that run over Redis. */
describeLockContract(simulatedLocks());

/** What the contract misses when it is taken away: the guard, and a case that fails without it. */
describe.each([['readers-keep-writers-out', 'that is held to read keeps out who wants to write']])(
  'without the guard "%s"',
  (guard, name) => {
    it(`fails: a lock ${name}`, async () => {
      const meant = LOCK_CASES.find((each) => each.name === name);
      const locks = simulatedLocks(new Set([guard]));
      await expect(Promise.resolve(meant?.run(locks))).rejects.toThrow();
      await locks.close();
    });
  },
);
