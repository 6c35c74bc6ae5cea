import { expect, it } from '@jest/globals';
import { eventually, startUnpreparedServer, testServers } from '@eden/testkit';
import { startCrashCluster } from './crash-cluster.js';
import { Fuzzer } from './fuzzer.js';

/** `npm run soak -- --minutes N` sets it. */
const DURATION_MS = Number(process.env['EDEN_SOAK_MINUTES'] ?? '0.35') * 60_000;
const PARTICIPANTS = 3;

// Protocol: I6, I7
it(
  'threads of migrations under random kills and freezes: all databases are equal in every read and at the end',
  async () => {
    const crash = await startCrashCluster();
    const { targets } = testServers();
    // The second thread has a last resource.
    const threads = [targets, [await startUnpreparedServer(), ...targets]];
    const fuzzer = await Fuzzer.create(crash, threads, PARTICIPANTS);
    const reads = await fuzzer.run(DURATION_MS);
    expect(fuzzer.wrongAnswers).toEqual([]);
    expect(reads).toBeGreaterThan(0);
    for (const [thread, world] of fuzzer.worlds.entries()) {
      const { counter = 0, columns = 0 } = fuzzer.totals[thread] ?? {};
      const expected = world.databases.map(() => `${counter} after ${columns} columns`);
      expect(await world.contents()).toEqual(expected);
      await eventually(async () => expect(await world.leftovers()).toEqual([]));
      expect(await world.execute()).toEqual({ status: 200, counters: world.databases.map(() => counter) });
    }
    const runs = fuzzer.totals.map(({ succeeded, failed }) => `${succeeded} succeeded, ${failed} failed`);
    process.stdout.write(`fuzzer: ${fuzzer.faults} faults; runs ${runs.join('; ')}; ${reads} reads, 0 torn\n`);
    expect(fuzzer.faults).toBeGreaterThan(0);
    expect(fuzzer.totals.every(({ succeeded }) => succeeded > 0)).toBe(true);
  },
  DURATION_MS + 240_000,
);
