import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { newKey, SIDES } from '../harness/lock-sides.mjs';
import { withMasters } from '../harness/masters.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { round, summarize } from '../harness/service.mjs';

const settings = { rounds: 3, milliseconds: 3_000, processes: 4, clients: 4, holdMs: 5, masters: 3 };
const PEERS = ['redlock 4.2', 'redlock 5 beta', 'redis-semaphore'];
const CONTENDER = join(import.meta.dirname, '..', 'harness', 'lock-contender.mjs');

export const benchmark = {
  description: 'one key, 4 processes of 4 clients that hold it for 5 ms: grants per second, and how long they waited',
  settings,
  run: () => withMasters(measure),
};

async function measure(urls) {
  const sides = Object.keys(SIDES).filter((side) => side !== 'ours, read (shared lease)');
  const runs = await alternate(sides, settings.rounds, (side) => contend(side, urls));
  const grants = (side) => runs.get(side).map(({ waits }) => (waits.length * 1_000) / settings.milliseconds);
  const best = Math.max(...PEERS.map((peer) => median(grants(peer))));
  return sides.map((side) => ({
    side,
    ...spread('grants_per_second', grants(side)),
    ratio_to_best_peer: round(median(grants(side)) / best),
    wait_p99_ms: median(runs.get(side).map(({ waits }) => summarize(waits).p99_ms)),
    failures: runs.get(side).reduce((sum, { failures }) => sum + failures, 0),
  }));
}

async function contend(side, urls) {
  const children = Array.from({ length: settings.processes }, () => fork(CONTENDER));
  const order = { side, urls, key: newKey(), ...settings };
  const ready = children.map((child) => once(child, 'message'));
  for (const child of children) child.send(order);
  await Promise.all(ready);
  const reports = children.map((child) => once(child, 'message'));
  for (const child of children) child.send('go');
  const all = (await Promise.all(reports)).map(([report]) => report);
  return {
    waits: all.flatMap(({ waits }) => waits),
    failures: all.reduce((sum, { failures }) => sum + failures, 0),
  };
}
