import pg from 'pg';
import { createFleet, renewFleet, query, tableSteps } from '../harness/fleet.mjs';
import { FALLIBLE_WORKER, withFaults } from '../harness/faults.mjs';
import { OurFleet } from '../harness/ours.mjs';
import { withPeers } from '../harness/peer-process.mjs';
import { withService } from '../harness/service.mjs';
import { until } from '../harness/waiting.mjs';

const settings = { databases: 8, servers: 2, steps: 2, leaseMs: 1_500, participantsStruck: [0, 7] };

/** Fails where nothing is allowed. */
const LAST_STEP = 'SELECT 1 / count(*) FROM allowed;';

/** Whoever holds a step's lock alone keeps the step from being done. */
const STEPS = tableSteps(settings.steps).map((sql, at) => {
  const barrier = `SELECT pg_advisory_xact_lock_shared(${at + 1});`;
  return at + 1 === settings.steps ? `${barrier} ${sql} ${LAST_STEP}` : `${barrier} ${sql}`;
});

const OF_THE_RUN = ['after-claim', 'after-start', 'after-begin', 'after-bindings', 'before-decide', 'after-decide'];
const OF_A_PARTICIPANT = ['before-prepare', 'after-prepare', 'before-commit-prepared', 'after-commit-prepared'];

export const benchmark = {
  description:
    '8 databases: one fails in its last step; and kill -9 at every step. How many have changed, when it is over',
  settings,
  run: () => withFaults((faults) => withPeers(STEPS, (peers) => start(peers, faults))),
};

function start(peers, faults) {
  const variables = { LOCK_TTL_MS: String(settings.leaseMs), ...faults.variables };
  return withService((service) => measure(service, peers, faults), { workers: 0, variables });
}

async function measure(service, peers, faults) {
  const { first, second } = service.clusters;
  const names = Array.from({ length: settings.databases }, (_, n) => `torn_${n}`);
  const fleet = await createFleet([first, second], names);
  const rows = [];
  for (const name of peers.names) rows.push(await tearPeer(peers, name, fleet));
  return [...rows, await tearOurs(service, fleet, faults)];
}

async function reset(fleet, { failing }) {
  await renewFleet(fleet);
  const allow = (url, isAllowed) => query(url, `CREATE TABLE allowed AS SELECT 1 AS n WHERE ${isAllowed}`);
  await Promise.all(fleet.map(({ url }, at) => allow(url, !(failing && at === fleet.length - 1))));
}

/** In how many databases anything of the migration is there, and in how many all of it. */
async function look(fleet) {
  const made = "SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'step%'";
  const tables = await Promise.all(fleet.map(async ({ url }) => (await query(url, made)).length));
  return {
    changed: tables.filter((count) => count > 0).length,
    complete: tables.filter((count) => count === settings.steps).length,
  };
}

async function tearPeer(peers, name, fleet) {
  await reset(fleet, { failing: true });
  await peers.start(
    name,
    fleet.map(({ url }) => url),
  ).ended;
  const afterFailure = await look(fleet);
  const afterKills = [];
  for (const database of fleet) {
    for (let step = 1; step <= settings.steps; step += 1) {
      await reset(fleet, { failing: false });
      await killAt(
        database.url,
        step,
        peers.start(
          name,
          fleet.map(({ url }) => url),
        ),
      );
      afterKills.push(await look(fleet));
    }
  }
  return summarize(name, afterFailure, afterKills);
}

/** Kills whoever gets to that step of that database, and waits until its session is gone. */
async function killAt(url, step, process) {
  const barrier = new pg.Client(url);
  await barrier.connect();
  await barrier.query('SELECT pg_advisory_lock($1)', [step]);
  const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted";
  await until(async () => (await barrier.query(waiting, [step])).rowCount > 0, `step ${step}`);
  await process.kill();
  await barrier.query('SELECT pg_advisory_unlock($1)', [step]);
  const others = 'SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
  await until(async () => (await barrier.query(others)).rowCount === 0, 'the session of the dead process to end');
  await barrier.end();
}

async function tearOurs({ client, stack, env }, fleet, faults) {
  const ours = await OurFleet.describe(client, fleet, STEPS);
  const startWorker = () => stack.startWorker(env, FALLIBLE_WORKER);
  await Promise.all([startWorker(), startWorker()]);
  let migrations = 0;
  const migrate = async ({ failing, place }) => {
    const id = `torn_${(migrations += 1)}`;
    await reset(fleet, { failing });
    await ours.create(id);
    await client.post(`/migrations/${id}/sync`);
    if (place !== undefined) await faults.arm(place);
    const run = await ours.request(id, 'migrate');
    if (place !== undefined) await Promise.all([faults.struck(place), startWorker()]);
    await until(async () => ['succeeded', 'failed'].includes((await ours.run(run)).state), `the end of ${id}`);
    const state = await look(fleet);
    await client.delete(`/migrations/${id}`);
    return state;
  };
  const afterFailure = await migrate({ failing: true });
  const afterKills = [];
  for (const place of places()) afterKills.push(await migrate({ failing: false, place }));
  for (const place of ['after-begin-abort', 'before-finish-abort']) {
    afterKills.push(await migrate({ failing: true, place }));
  }
  return summarize('ours', afterFailure, afterKills);
}

function places() {
  const ofParticipants = OF_A_PARTICIPANT.flatMap((point) => settings.participantsStruck.map((n) => `${point}.${n}`));
  return [...OF_THE_RUN, ...ofParticipants, 'before-complete'];
}

function summarize(side, afterFailure, afterKills) {
  const isTorn = ({ changed, complete }) => changed !== 0 && complete !== settings.databases;
  return {
    side,
    changed_after_failure: `${afterFailure.changed} of ${settings.databases}`,
    complete_after_failure: afterFailure.complete,
    kills: afterKills.length,
    torn_after_kill: afterKills.filter(isTorn).length,
    complete_after_kills: [...new Set(afterKills.map(({ complete }) => complete))].sort((a, b) => a - b).join(' '),
  };
}
