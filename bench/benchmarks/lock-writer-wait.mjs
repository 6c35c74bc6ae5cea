import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { newKey, READ_WRITE_SIDES } from '../harness/lock-sides.mjs';
import { withMasters } from '../harness/masters.mjs';
import { round, summarize } from '../harness/service.mjs';

const settings = {
  milliseconds: 20_000,
  processes: 2,
  readers: 8,
  readMs: [10, 20],
  writeEveryMs: 200,
  writerPatienceMs: 1_000,
  masters: 3,
};
const READER = join(import.meta.dirname, '..', 'harness', 'lock-reader.mjs');

export const benchmark = {
  description:
    '16 readers of 10 to 20 ms in 2 processes that never pause, and a writer every 200 ms: how long it waits',
  settings,
  run: () => withMasters((urls) => sequence(Object.keys(READ_WRITE_SIDES), (side) => measure(side, urls))),
};

async function sequence(items, work) {
  const results = [];
  for (const item of items) results.push(await work(item));
  return results;
}

async function measure(side, urls) {
  const key = newKey();
  const children = Array.from({ length: settings.processes }, () => fork(READER));
  try {
    const ready = children.map((child) => once(child, 'message'));
    for (const child of children) child.send({ side, urls, key, ...settings });
    await Promise.all(ready);
    await readsOf(children);
    await pause(settings.milliseconds / 4);
    const alone = (await readsOf(children)).reads / (settings.milliseconds / 4);
    const startedAt = performance.now();
    const { waits, writes } = await write(READ_WRITE_SIDES[side].write(urls), key);
    const elapsedMs = performance.now() - startedAt;
    const { reads, longestMs } = await readsOf(children);
    return {
      side,
      ...summarize(waits),
      writes,
      writers_in: round(waits.length / writes),
      longest_reader_ms: round(longestMs),
      reads_per_second_alone: round(alone * 1_000),
      readers_lose: round(1 - reads / elapsedMs / alone),
    };
  } finally {
    for (const child of children) child.kill();
  }
}

/** Waits of a writer that comes at its times, however long the one before took. One that loses patience is not in. */
async function write(lock, key) {
  const waits = [];
  let writes = 0;
  const startedAt = performance.now();
  for (let due = startedAt; due < startedAt + settings.milliseconds; due += settings.writeEveryMs) {
    await pause(Math.max(0, due - performance.now()));
    const asked = performance.now();
    // One that waits for long is late for its next times.
    due = Math.max(due, asked - settings.writeEveryMs);
    writes += 1;
    try {
      const release = await lock.take(key, settings.writerPatienceMs);
      waits.push(performance.now() - asked);
      await release();
    } catch {
      // Counted by what is missing in `waits`.
    }
  }
  await lock.close();
  return { waits, writes };
}

async function readsOf(children) {
  const answers = children.map((child) => once(child, 'message'));
  for (const child of children) child.send('reads');
  const reports = (await Promise.all(answers)).map(([report]) => report);
  return {
    reads: reports.reduce((sum, { reads }) => sum + reads, 0),
    longestMs: Math.max(...reports.map(({ longestMs }) => longestMs)),
  };
}
