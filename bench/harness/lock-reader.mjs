import { setTimeout as pause } from 'node:timers/promises';
import { READ_WRITE_SIDES } from './lock-sides.mjs';

/** One of the processes of lock-writer-wait: readers that come again as soon as they have left. */
process.once('message', async ({ side, urls, key, readers, readMs }) => {
  const lock = READ_WRITE_SIDES[side].read(urls);
  let reads = 0;
  let longestMs = 0;
  const keepReading = async () => {
    for (;;) {
      const release = await lock.take(key);
      const startedAt = performance.now();
      await pause(readMs[0] + Math.random() * (readMs[1] - readMs[0]));
      longestMs = Math.max(longestMs, performance.now() - startedAt);
      await release();
      reads += 1;
    }
  };
  for (let n = 0; n < readers; n += 1) void keepReading();
  process.on('message', () => {
    process.send({ reads, longestMs });
    reads = 0;
  });
  process.send('ready');
});
