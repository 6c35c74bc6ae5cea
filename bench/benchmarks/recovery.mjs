import { createFleet, query } from '../harness/fleet.mjs';
import { OurFleet } from '../harness/ours.mjs';
import { withPeers } from '../harness/peer-process.mjs';
import { round, withService } from '../harness/service.mjs';
import { until } from '../harness/waiting.mjs';

const settings = { statementSeconds: 12, leaseMs: 10_000 };

const STEPS = [`ALTER TABLE customers ADD COLUMN city text; SELECT pg_sleep(${settings.statementSeconds});`];
const SCHEMA = 'CREATE TABLE customers AS SELECT n AS id FROM generate_series(1, 100) AS n';

export const benchmark = {
  description:
    'kill -9 inside a statement of 12 s that holds a table, restarted at once: until the table is free, until it is done',
  settings,
  run: () =>
    withService((service) => withPeers(STEPS, (peers) => measure(service, peers)), {
      workers: 0,
      variables: { LOCK_TTL_MS: String(settings.leaseMs) },
    }),
};

/** All sides at once, each in a database of its own: they wait, they do not work. */
async function measure(service, peers) {
  const sides = [...peers.names, 'ours'];
  const fleet = await createFleet([service.clusters.first], sides.map(databaseOf));
  await Promise.all(fleet.map(({ url }) => query(url, SCHEMA)));
  const ours = await prepareOurs(service, fleet.slice(-1));
  const start = (side, url) => (side === 'ours' ? startOurs(service, ours) : startPeer(peers, side, url));
  return Promise.all(sides.map((side, at) => strike(side, fleet[at].url, () => start(side, fleet[at].url))));
}

function databaseOf(side) {
  return `recovery_${side.replaceAll('-', '_')}`;
}

async function strike(side, url, start) {
  const process = await start();
  await until(() => isAtWork(url), `${side} to be inside its statement`);
  await process.kill();
  const killedAt = performance.now();
  const since = () => round(performance.now() - killedAt);
  const tableFree = query(url, 'SELECT count(*) FROM customers').then(since);
  const restarted = await process.restart();
  const decided = restarted.decided.then(since);
  const { ok, error } = await restarted.ended;
  const finishedMs = since();
  return {
    side,
    table_free_ms: await tableFree,
    decided_ms: ok ? await decided : 'never',
    finished_ms: ok ? finishedMs : 'never',
    error: error ?? '',
  };
}

async function isAtWork(url) {
  const sleeping = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
  return (await query(url, sleeping)).length > 0;
}

/** Another tool knows of no decision but its end. */
async function startPeer(peers, name, url) {
  const { ended, kill } = peers.start(name, [url]);
  return { ended, kill, decided: ended, restart: () => startPeer(peers, name, url) };
}

async function prepareOurs({ client, stack, env }, fleet) {
  const worker = await stack.startWorker(env);
  const ours = await OurFleet.describe(client, fleet, STEPS);
  await ours.create('recovery');
  await client.post('/migrations/recovery/sync');
  return { ours, worker };
}

/** Decided is the dead worker's attempt when it is undone and queued again. */
async function startOurs({ stack, env }, { ours, worker }) {
  const run = await ours.request('recovery', 'migrate');
  const reaches = (reached, what) => until(async () => reached(await ours.run(run)), what);
  return {
    kill: () => worker.kill(),
    restart: async () => {
      await stack.startWorker(env);
      return {
        decided: reaches(({ attempt }) => attempt > 1, 'the decision'),
        ended: reaches(
          ({ state }) => ['succeeded', 'failed'].includes(state) && { ok: state === 'succeeded' },
          'the end',
        ),
      };
    },
  };
}
