import { readFileSync } from 'node:fs';
import { createFleet, query, someAtATime } from '../harness/fleet.mjs';
import { residentMib } from '../harness/memory.mjs';
import { OurFleet } from '../harness/ours.mjs';
import { alternate, median, spread } from '../harness/rounds.mjs';
import { loggedIn, round, summarize, withService } from '../harness/service.mjs';
import { timed, until } from '../harness/waiting.mjs';

/** `EDEN_BENCH_PARTS=workers` measures one part alone; `EDEN_BENCH_ROUNDS=1 EDEN_BENCH_APIS=10,100 EDEN_BENCH_STORED=10000` is shorter. */
const settings = {
  parts: (process.env.EDEN_BENCH_PARTS ?? 'apis,databases,workers,stored').split(','),
  rounds: Number(process.env.EDEN_BENCH_ROUNDS ?? 3),
  apis: (process.env.EDEN_BENCH_APIS ?? '1,10,100,1000').split(',').map(Number),
  databases: [1, 10, 50, 200],
  workers: [1, 2, 4],
  migrations: 64,
  stored: Number(process.env.EDEN_BENCH_STORED ?? 100_000),
  storedApis: 10,
  reads: 100,
};

/** Who describes thousands of APIs is no tenant. */
const UNLIMITED = { variables: { RATE_LIMIT_PER_MINUTE: '0' } };
const HISTORY = new URL('../../tests/large/history.sql', import.meta.url);
const PARTS = { apis: growthOfApis, databases: growthOfDatabases, workers: growthOfWorkers, stored: growthOfHistory };
/** A session and a slot for each participant of the largest migration, and as many again for what looks at them. */
const WIDE = { max_connections: '500', max_prepared_transactions: '200' };
const COUNTERS = `CREATE TABLE counters AS SELECT n AS id, 0 AS value FROM generate_series(1, 1000) AS n;
  ALTER TABLE counters ADD PRIMARY KEY (id)`;

export const benchmark = {
  description: 'sync and migrate as APIs and databases of a migration, workers, and stored migrations become more',
  settings,
  run: async () => {
    const rows = [];
    for (const part of settings.parts) rows.push(...(await PARTS[part]()));
    return rows;
  },
};

/** Of one service: its database, a template that updates a row, and APIs of that one template. */
class World {
  constructor(client) {
    this.client = client;
    this.ours = new OurFleet(client, []);
    this.migrations = 0;
  }

  static async describe({ client, clusters }, database, apis) {
    const [{ url }] = await createFleet([clusters.first], [database]);
    await query(url, COUNTERS);
    await client.post('/endpoints', { id: 'db', kind: 'Postgres', config: { url } });
    const statement = 'UPDATE counters SET value = value + 1 WHERE id = {{int row}}';
    const template = { endpoint: 'db', endpoint_kind: 'Postgres', kind: 'Write', template: { query: statement } };
    await client.post('/templates', { id: 'touch', template });
    const bindings = [{ template: 'touch', fields: { row: 'row' } }];
    const fields = [{ name: 'row', type: 'Number', required: true }];
    await someAtATime(numbers(apis), 8, (at) => client.post('/apis', { id: `api_${at}`, fields, bindings }));
    return new World(client);
  }

  /** A migration of the APIs from the first to the last of these numbers. */
  async create(first, last) {
    const id = `growth_${(this.migrations += 1)}`;
    await this.client.post('/migrations', { id });
    for (let at = first; at <= last; at += 1) {
      const bindings = [{ template: 'touch', fields: { row: at } }];
      await this.client.post(`/migrations/${id}/add_api`, { id: `api_${at}`, bindings });
    }
    return id;
  }

  carryOut(ids) {
    return carryOut(this.ours, ids);
  }
}

/** Milliseconds of both. */
async function carryOut(ours, ids) {
  const sync = await timed(() => runAll(ours, ids, 'sync'));
  const migrate = await timed(() => runAll(ours, ids, 'migrate'));
  return { sync, migrate };
}

/** All at once, as far as one gateway takes them. */
async function runAll(ours, ids, kind) {
  const asked = await someAtATime(ids, 8, (id) => ours.request(id, kind));
  for (const { value, reason } of asked) {
    if (value === undefined) throw reason;
    const run = await until(async () => ended(await ours.run(value)), `${kind} ${value}`);
    if (run.state !== 'succeeded') throw new Error(`${kind} is ${run.state}: ${JSON.stringify(run.error)}`);
  }
}

function ended(run) {
  return ['succeeded', 'failed', 'cancelled'].includes(run.state) && run;
}

function numbers(count) {
  return Array.from({ length: count }, (_, at) => at + 1);
}

function figuresOf(runs, count) {
  const [sync, migrate] = ['sync', 'migrate'].map((kind) => runs.map((run) => run[kind]));
  return {
    ...spread('sync_ms', sync),
    ...spread('migrate_ms', migrate),
    sync_ms_each: round(median(sync) / count),
    migrate_ms_each: round(median(migrate) / count),
  };
}

function growthOfApis() {
  return withService(async (service) => {
    const world = await World.describe(service, 'growth', Math.max(...settings.apis));
    const figures = await alternate(settings.apis, settings.rounds, async (apis) => {
      let id;
      const add = await timed(async () => (id = await world.create(1, apis)));
      return { add, ...(await world.carryOut([id])) };
    });
    return settings.apis.map((apis) => ({
      growth: `${apis} APIs`,
      ...figuresOf(figures.get(apis), apis),
      add_api_ms_each: round(median(figures.get(apis).map(({ add }) => add)) / apis),
    }));
  }, UNLIMITED);
}

/** Of two servers in turn; an API, an endpoint and a statement for each database. */
function growthOfDatabases() {
  return withService(
    async ({ client, clusters }) => {
      const names = numbers(Math.max(...settings.databases)).map((at) => `growth_${at}`);
      const fleet = await createFleet([clusters.first, clusters.second], names);
      await someAtATime(fleet, 4, ({ url }) => query(url, COUNTERS));
      const all = await OurFleet.describe(client, fleet, ['UPDATE counters SET value = value + 1 WHERE id = 1']);
      let migrations = 0;
      const figures = await alternate(settings.databases, settings.rounds, async (databases) => {
        const ours = all.ofFirst(databases);
        return carryOut(ours, [await ours.create(`growth_${(migrations += 1)}`)]);
      });
      return settings.databases.map((databases) => ({
        growth: `${databases} databases`,
        ...figuresOf(figures.get(databases), databases),
      }));
    },
    { ...UNLIMITED, targets: WIDE },
  );
}

/** Migrations of an API each, all asked for at once. */
function growthOfWorkers() {
  const measure = async (service) => {
    const world = await World.describe(service, 'growth', settings.migrations);
    const figures = await alternate(settings.workers, settings.rounds, async (count) => {
      const ids = [];
      for (const at of numbers(settings.migrations)) ids.push(await world.create(at, at));
      const workers = await Promise.all(Array.from({ length: count }, () => service.stack.startWorker(service.env)));
      const run = await world.carryOut(ids);
      await Promise.all(workers.map((worker) => worker.stop()));
      return run;
    });
    return settings.workers.map((count) => ({
      growth: `${count} workers, ${settings.migrations} migrations`,
      ...figuresOf(figures.get(count), settings.migrations),
    }));
  };
  return withService(measure, { ...UNLIMITED, workers: 0 });
}

/** Two services side by side, one of which has a history. */
function growthOfHistory() {
  return withService(async (fresh) => {
    const sides = { 0: fresh, [settings.stored]: await besides(fresh) };
    const worlds = {};
    for (const [stored, service] of Object.entries(sides)) {
      worlds[stored] = await World.describe(service, `growth_${stored}`, settings.storedApis);
      await worlds[stored].carryOut([await worlds[stored].create(1, settings.storedApis)]);
    }
    const { databaseUrl } = sides[settings.stored];
    await query(databaseUrl, `SET eden.migrations = ${settings.stored};${readFileSync(HISTORY, 'utf8')}`);
    await query(databaseUrl, 'VACUUM ANALYZE');
    await query(databaseUrl, 'CHECKPOINT');
    const figures = await alternate(Object.keys(sides), settings.rounds, (stored) => asked(worlds[stored]));
    return Object.entries(sides).map(([stored, { gateway, worker }]) => ({
      growth: `${stored} stored migrations`,
      ...figuresOf(figures.get(stored), settings.storedApis),
      ...readsOf(figures.get(stored)),
      gateway_mib: residentMib(gateway.pid),
      worker_mib: residentMib(worker.pid),
    }));
  }, UNLIMITED);
}

/** A second service on the same servers, with a control database and a queue of its own. */
async function besides({ clusters, stack, env }) {
  await query(clusters.control.url(), 'CREATE DATABASE history');
  const databaseUrl = clusters.control.url('history');
  const own = { ...env, DATABASE_URL: databaseUrl, REDIS_URL: `${env.REDIS_URL}/1`, EDEN_INSTALLATION: 'history' };
  await stack.deploySchema(own);
  const [gateway, worker] = await Promise.all([stack.startGateway(own), stack.startWorker(own)]);
  return { clusters, databaseUrl, gateway, worker, client: await loggedIn(gateway, own) };
}

async function asked(world) {
  const id = await world.create(1, settings.storedApis);
  const { sync, migrate } = await world.carryOut([id]);
  const reads = { get: [], list: [] };
  for (let n = 0; n < settings.reads; n += 1) {
    reads.get.push(await timed(() => world.client.get(`/migrations/${id}`)));
    reads.list.push(await timed(() => world.client.get('/migrations?limit=50')));
  }
  return { sync, migrate, reads };
}

function readsOf(rounds) {
  const [get, list] = ['get', 'list'].map((kind) => summarize(rounds.flatMap(({ reads }) => reads[kind])));
  return { get_ms: get.median_ms, get_p99_ms: get.p99_ms, list_ms: list.median_ms, list_p99_ms: list.p99_ms };
}
