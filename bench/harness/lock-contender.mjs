import { setTimeout as pause } from 'node:timers/promises';
import { SIDES } from './lock-sides.mjs';

/** One of the processes of lock-contended: waits for its orders, contends, and reports how long each client waited. */
process.once('message', async ({ side, urls, key, clients, milliseconds, holdMs }) => {
  const lock = SIDES[side](urls);
  await (
    await lock.take(`${key.slice(0, -4)}ffff`)
  )();
  process.send('ready');
  process.once('message', async () => {
    const until = performance.now() + milliseconds;
    const waits = [];
    let failures = 0;
    const contend = async () => {
      while (performance.now() < until) {
        const startedAt = performance.now();
        try {
          const release = await lock.take(key);
          waits.push(performance.now() - startedAt);
          await pause(holdMs);
          await release();
        } catch {
          failures += 1;
        }
      }
    };
    await Promise.all(Array.from({ length: clients }, contend));
    process.send({ waits, failures }, () => process.exit());
  });
});
