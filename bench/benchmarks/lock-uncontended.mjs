import { newKey, SIDES } from '../harness/lock-sides.mjs';
import { withMasters } from '../harness/masters.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { round } from '../harness/service.mjs';

const settings = { rounds: 3, milliseconds: 1_000, clients: [1, 16], masters: [1, 3] };
const PEERS = ['redlock 4.2', 'redlock 5 beta', 'redis-semaphore'];

export const benchmark = {
  description: 'acquire and release, every client a key of its own: pairs per second',
  settings,
  run: () => withMasters(measure),
};

async function measure(urls) {
  const rows = [];
  for (const masters of settings.masters) {
    for (const clients of settings.clients) rows.push(...(await compare(urls.slice(0, masters), clients)));
  }
  return rows;
}

async function compare(urls, clients) {
  const figures = await alternate(Object.keys(SIDES), settings.rounds, (side) => pairsPerSecond(side, urls, clients));
  const best = Math.max(...PEERS.map((peer) => median(figures.get(peer))));
  return [...figures].map(([side, values]) => ({
    masters: urls.length,
    clients,
    side,
    ...spread('pairs_per_second', values),
    ratio_to_best_peer: round(median(values) / best),
    ratio_to_redlock_5: round(median(values) / median(figures.get('redlock 5 beta'))),
  }));
}

async function pairsPerSecond(side, urls, clients) {
  const lock = SIDES[side](urls);
  const keys = Array.from({ length: clients }, newKey);
  let pairs = 0;
  const takeTurns = async (key, until) => {
    for (let n = 0; performance.now() < until; n += 1) {
      await (
        await lock.take(key)
      )();
      pairs += 1;
      // A side that never leaves the process would keep the others' timers and sockets from running.
      if (n % 1_000 === 0) await new Promise(setImmediate);
    }
  };
  await Promise.all(keys.map((key) => takeTurns(key, performance.now() + 200)));
  pairs = 0;
  const startedAt = performance.now();
  await Promise.all(keys.map((key) => takeTurns(key, startedAt + settings.milliseconds)));
  const perSecond = (pairs * 1_000) / (performance.now() - startedAt);
  await lock.close();
  return perSecond;
}
