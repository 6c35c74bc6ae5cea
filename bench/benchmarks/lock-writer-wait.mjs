import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { newKey, SIDES } from '../lock-sides.mjs';
import { withMasters } from '../masters.mjs';
import { round, summarize } from '../service.mjs';

const settings = { milliseconds: 20_000, processes: 2, readers: 8, readMs: [10, 20], writeEveryMs: 200, masters: 3 };
const READER = join(import.meta.dirname, '..', 'lock-reader.mjs');

export const benchmark = {
  description:
    '16 readers of 10 to 20 ms in 2 processes that never pause, and a writer every 200 ms: how long it waits',
  settings,
  run: () => withMasters(measure),
};

async function measure(urls) {
  const key = newKey();
  const children = Array.from({ length: settings.processes }, () => fork(READER));
  try {
    const ready = children.map((child) => once(child, 'message'));
    for (const child of children) child.send({ urls, key, ...settings });
    await Promise.all(ready);
    await readsOf(children);
    await pause(settings.milliseconds / 4);
    const alone = (await readsOf(children)).reads / (settings.milliseconds / 4);
    const waits = await write(SIDES['ours, write'](urls), key);
    const { reads, longestMs } = await readsOf(children);
    return [
      {
        ...summarize(waits),
        writes: waits.length,
        longest_reader_ms: round(longestMs),
        readers_lose: round(1 - reads / settings.milliseconds / alone),
      },
    ];
  } finally {
    for (const child of children) child.kill();
  }
}

/** Waits of a writer that comes at its times, however long the one before took. */
async function write(lock, key) {
  const waits = [];
  const startedAt = performance.now();
  for (let due = startedAt; due < startedAt + settings.milliseconds; due += settings.writeEveryMs) {
    await pause(Math.max(0, due - performance.now()));
    const asked = performance.now();
    const release = await lock.take(key);
    waits.push(performance.now() - asked);
    await release();
  }
  await lock.close();
  return waits;
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
