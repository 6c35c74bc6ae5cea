import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { createFleet, query } from '../harness/fleet.mjs';
import { OurFleet } from '../harness/ours.mjs';
import { withPeers } from '../harness/peer-process.mjs';
import { round, withService } from '../harness/service.mjs';
import { timed, until } from '../harness/waiting.mjs';

/** A reader of 30 s shows the same with longer stalls: EDEN_BENCH_READER_MS=30000. */
const settings = {
  readerMs: Number(process.env.EDEN_BENCH_READER_MS ?? 10_000),
  readEveryMs: 10,
  template: { lock_timeout_ms: 1_000, retries: 20 },
};

const STEPS = ['ALTER TABLE customers ADD COLUMN city text;'];
const SCHEMA = 'CREATE TABLE customers AS SELECT n AS id FROM generate_series(1, 100) AS n';

export const benchmark = {
  description: 'a long reader holds the table, an ALTER comes, other readers follow: the longest of these reads',
  settings,
  run: () => withService((service) => withPeers(STEPS, (peers) => measure(service, peers))),
};

/** All sides at once, each in a database of its own: they wait, they do not work. */
async function measure({ client, clusters }, peers) {
  const sides = [...peers.names, 'ours'];
  const fleet = await createFleet([clusters.first], sides.map(databaseOf));
  await Promise.all(fleet.map(({ url }) => query(url, SCHEMA)));
  const ours = await OurFleet.describe(client, fleet.slice(-1), STEPS, settings.template);
  await ours.create('lock_queue');
  await client.post('/migrations/lock_queue/sync');
  const alter = (name, url) => (name === 'ours' ? migrate(client) : peers.start(name, [url]).ended);
  return Promise.all(sides.map((name, at) => queueUp(name, fleet[at].url, alter)));
}

function databaseOf(side) {
  return `queue_${side.replaceAll('-', '_')}`;
}

async function migrate(client) {
  try {
    await client.post('/migrations/lock_queue/migrate');
    return { ok: true };
  } catch (error) {
    return { ok: false, error: error.message };
  }
}

async function queueUp(side, url, alter) {
  const reader = new pg.Client(url);
  await reader.connect();
  await reader.query('BEGIN');
  await reader.query('SELECT * FROM customers');
  const altered = alter(side, url).then((answer) => ({ ...answer, at: performance.now() }));
  await until(() => isWaiting(url), `${side} to wait for the table`);
  const stopped = altered.then(() => true);
  const longest = readUntil(stopped, url);
  await pause(settings.readerMs);
  await reader.end();
  const releasedAt = performance.now();
  const { ok, at, error = '' } = await altered;
  const longestStallMs = round(await longest);
  return {
    side,
    longest_stall_ms: longestStallMs,
    altered: ok,
    altered_ms_after_reader: round(at - releasedAt),
    error,
  };
}

async function isWaiting(url) {
  return (await query(url, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'customers'::regclass")).length > 0;
}

/** Reads again and again; answers how long the slowest read took. */
async function readUntil(stopped, url) {
  const reader = new pg.Client(url);
  await reader.connect();
  let isOver = false;
  void stopped.then(() => (isOver = true));
  let longest = 0;
  for (; !isOver; await pause(settings.readEveryMs)) {
    longest = Math.max(longest, await timed(() => reader.query('SELECT count(*) FROM customers')));
  }
  await reader.end();
  return longest;
}
