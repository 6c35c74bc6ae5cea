import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startLoad } from '../harness/loaded.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { round, summarize, withService } from '../harness/service.mjs';

const settings = { rounds: 7, quietMs: 3_000, connections: 64, rows: 2_000 };
const OURS = 'ours';
const ALONE = 'the work alone, by pg';
/** Two APIs on each server, each with a table of its own. */
const APIS = ['customers', 'orders', 'invoices', 'payments'];

export const benchmark = {
  description: '64 connections execute 4 APIs on 2 servers while a migration of them commits: how long calls wait',
  settings,
  run: () => withService(measure),
};

async function measure({ client, gateway, worker, clusters }) {
  const servers = [clusters.first.url(), clusters.second.url()];
  await Promise.all(servers.map((url, server) => createTables(url, tablesOf(server))));
  await describeApplication(client, servers);
  const inputs = Array.from({ length: 25 }, (_, n) => ({ id: 1 + n * (settings.rows / 25) }));
  const load = await startLoad(
    { url: gateway.url, token: client.token },
    { apis: APIS, inputs, connections: settings.connections },
  );
  let migrations = 0;
  const sides = {
    [OURS]: async (id) => {
      await prepareMigration(client, id);
      const before = await pausedMs(worker);
      const watched = await watch(load, () => client.post(`/migrations/${id}/migrate`));
      return { ...watched, pauseMs: (await pausedMs(worker)) - before };
    },
    [ALONE]: async (id) => {
      let pauseMs = 0;
      const watched = await watch(load, async () => (pauseMs = await migrateByHand(servers, id)));
      return { ...watched, pauseMs };
    },
  };
  try {
    const figures = await alternate([OURS, ALONE], settings.rounds, (side) => sides[side](`v${(migrations += 1)}`));
    return [...figures].map(([side, rounds]) => describe(side, rounds));
  } finally {
    load.stop();
  }
}

function tablesOf(server) {
  return APIS.filter((_, index) => index % 2 === server);
}

async function inDatabase(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function createTables(url, tables) {
  return inDatabase(url, async (client) => {
    for (const table of tables) {
      await client.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, name text NOT NULL, cents bigint NOT NULL);
        INSERT INTO ${table} SELECT n, 'Row ' || n, n * 7 % 10000 FROM generate_series(1, ${settings.rows}) AS n;
        ANALYZE ${table}`);
    }
  });
}

const ADD = (table, column) => `ALTER TABLE ${table} ADD COLUMN ${column} numeric(12, 2)`;
const FILL = (table, column) => `UPDATE ${table} SET ${column} = cents / 100.0`;

async function describeApplication(client, servers) {
  const fields = [{ name: 'id', type: 'Number', required: true }];
  const column = '{{ident column}}';
  for (const [server, url] of servers.entries()) {
    const endpoint = `server_${server}`;
    await client.post('/endpoints', { id: endpoint, kind: 'Postgres', config: { url } });
    for (const table of tablesOf(server)) {
      const add = (id, kind, query) =>
        client.post('/templates', { id, template: { endpoint, endpoint_kind: 'Postgres', kind, template: { query } } });
      await add(`read_${table}`, 'Read', `SELECT id, name, cents FROM ${table} WHERE id = {{id}}`);
      await add(`widen_${table}`, 'Write', ADD(table, column));
      await add(`fill_${table}`, 'Write', FILL(table, column));
      await client.post('/apis', {
        id: table,
        fields,
        bindings: [{ template: `read_${table}`, fields: { id: 'id' } }],
      });
    }
  }
}

async function prepareMigration(client, id) {
  await client.post('/migrations', { id });
  for (const table of APIS) {
    const fields = { column: id };
    const bindings = [`widen_${table}`, `fill_${table}`].map((template) => ({ template, fields }));
    await client.post(`/migrations/${id}/add_api`, { id: table, bindings });
  }
  await client.post(`/migrations/${id}/sync`);
}

/** eden_api_pause_seconds of all migrations so far. */
async function pausedMs({ url }) {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^eden_api_pause_seconds_sum (\S+)$/m.exec(metrics)?.[1] ?? 0) * 1_000;
}

/**
 * The same statements, one transaction for each server, both at once: what the calls wait for in any case. Answers how
 * long the transactions took.
 */
async function migrateByHand(servers, column) {
  const clients = servers.map((connectionString) => new pg.Client({ connectionString }));
  await Promise.all(clients.map((client) => client.connect()));
  const startedAt = performance.now();
  await Promise.all(
    clients.map(async (client, server) => {
      const statements = tablesOf(server).flatMap((table) => [ADD(table, column), FILL(table, column)]);
      for (const statement of ['BEGIN', ...statements, 'COMMIT']) await client.query(statement);
    }),
  );
  const workMs = performance.now() - startedAt;
  await Promise.all(clients.map((client) => client.end()));
  return workMs;
}

/** A quiet time, then the work: latencies of the calls, and those that were not answered with 200. */
async function watch(load, work) {
  await load.figures();
  await pause(settings.quietMs);
  const quiet = await load.figures();
  await work();
  // Calls that wait are counted when they are answered.
  await pause(settings.quietMs / 3);
  const { latenciesMs, failures } = await load.figures();
  const longestMs = Math.max(...latenciesMs);
  const quietMs = summarize(quiet.latenciesMs);
  return { stallMs: longestMs - quietMs.median_ms, quietP99Ms: quietMs.p99_ms, failures };
}

function describe(side, rounds) {
  const all = (name) => rounds.map((one) => one[name]);
  return {
    side,
    ...spread('longest_stall_ms', all('stallMs')),
    pause_ms: round(median(all('pauseMs'))),
    quiet_p99_ms: round(median(all('quietP99Ms'))),
    not_200: JSON.stringify(Object.assign({}, ...all('failures'))),
  };
}
