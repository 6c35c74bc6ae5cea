import pg from 'pg';
import { createFleet } from '../harness/fleet.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { round, withService } from '../harness/service.mjs';

/** `EDEN_BENCH_DATABASES=16 EDEN_BENCH_APIS=500` measures these alone, an empty one none. */
const settings = {
  rounds: Number(process.env.EDEN_BENCH_ROUNDS ?? 5),
  databases: countsIn(process.env.EDEN_BENCH_DATABASES) ?? [1, 4, 16, 48],
  apis: countsIn(process.env.EDEN_BENCH_APIS) ?? [1, 100, 500],
};
const OURS = 'ours';
const ALONE = 'the work alone, by pg';

export const benchmark = {
  description:
    'a row updated by each API, over some databases or by many APIs of one: how long executions are kept out',
  settings,
  run: () => withService(measure),
};

async function measure(service) {
  const { clusters } = service;
  const names = Array.from({ length: Math.max(1, ...settings.databases) }, (_, n) => `window_${n}`);
  const fleet = await createFleet([clusters.first, clusters.second], names);
  const wide = settings.databases.map((count) => ({ label: `${count} databases`, apis: fleet.slice(0, count) }));
  const deep = settings.apis.map((count) => ({
    label: `${count} APIs of one database`,
    apis: repeat(fleet[0], count),
  }));
  await describe(service.client, fleet);
  const rows = [];
  for (const shape of [...wide, ...deep]) rows.push(...(await measureShape(service, shape)));
  return rows;
}

function countsIn(variable) {
  return variable?.split(',').filter(Boolean).map(Number);
}

function repeat(database, count) {
  return Array.from({ length: count }, () => database);
}

const TOUCH = (row) => `UPDATE counters SET value = value + 1 WHERE id = ${row}`;

async function describe(client, fleet) {
  for (const { name, url } of fleet) {
    await inDatabase(url, (database) =>
      database.query(`CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL);
        INSERT INTO counters SELECT n, 0 FROM generate_series(0, 1000) AS n`),
    );
    await client.post('/endpoints', { id: name, kind: 'Postgres', config: { url } });
    const add = (id, kind, query) =>
      client.post('/templates', {
        id,
        template: { endpoint: name, endpoint_kind: 'Postgres', kind, template: { query } },
      });
    await add(`${name}.read`, 'Read', 'SELECT value FROM counters WHERE id = {{id}}');
    await add(`${name}.touch`, 'Write', TOUCH('{{row}}'));
  }
}

async function measureShape({ client, worker }, { label, apis }) {
  const prefix = label.replaceAll(/\W+/g, '_');
  const fields = [{ name: 'id', type: 'Number', required: true }];
  for (const [at, { name }] of apis.entries()) {
    const bindings = [{ template: `${name}.read`, fields: { id: 'id' } }];
    await client.post('/apis', { id: `${prefix}_${at}`, fields, bindings });
  }
  let migrations = 0;
  const sides = {
    [OURS]: async () => {
      const id = `${prefix}_v${(migrations += 1)}`;
      await client.post('/migrations', { id });
      for (const [at, { name }] of apis.entries()) {
        const bindings = [{ template: `${name}.touch`, fields: { row: at } }];
        await client.post(`/migrations/${id}/add_api`, { id: `${prefix}_${at}`, bindings });
      }
      await client.post(`/migrations/${id}/sync`);
      const before = await pausedMs(worker);
      await client.post(`/migrations/${id}/migrate`);
      return (await pausedMs(worker)) - before;
    },
    [ALONE]: () => byHand(apis),
  };
  const figures = await alternate([OURS, ALONE], settings.rounds, (side) => sides[side]());
  const [ours, alone] = [median(figures.get(OURS)), median(figures.get(ALONE))];
  const more = { beyond_the_work_ms: round(ours - alone), ms_for_each_api: round(ours / apis.length) };
  return [
    { shape: label, side: OURS, ...spread('closed_ms', figures.get(OURS)), ...more },
    { shape: label, side: ALONE, ...spread('closed_ms', figures.get(ALONE)) },
  ];
}

/** eden_api_pause_seconds of all migrations so far: from the lock to its release. */
async function pausedMs({ url }) {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^eden_api_pause_seconds_sum (\S+)$/m.exec(metrics)?.[1] ?? 0) * 1_000;
}

/** The same statements, a transaction for each database, all at once. Answers how long the transactions took. */
async function byHand(apis) {
  const urls = [...new Set(apis.map(({ url }) => url))];
  const clients = await Promise.all(
    urls.map(async (connectionString) => {
      const client = new pg.Client({ connectionString });
      await client.connect();
      return client;
    }),
  );
  const startedAt = performance.now();
  await Promise.all(
    clients.map(async (client, at) => {
      await client.query('BEGIN');
      for (const [row, { url }] of apis.entries()) if (url === urls[at]) await client.query(TOUCH(row));
      await client.query('COMMIT');
    }),
  );
  const workMs = performance.now() - startedAt;
  await Promise.all(clients.map((client) => client.end()));
  return workMs;
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
