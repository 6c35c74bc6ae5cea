import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  createMariaDbDatabase,
  eventually,
  hasMariaDb,
  startMariaDb,
  testServers,
  withClient,
  withMariaDb,
} from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import type { CrashCluster } from './crash-cluster.js';
import { startCrashCluster } from './crash-cluster.js';

/** By `npm run test:crash -- backfill`; in short, and in one process, tests/runs/backfill.test.ts and mariadb.test.ts. */
interface Kind {
  readonly name: string;
  readonly rows: number;
  readonly kills: number;
  /** Makes a database with so many rows in `source`, and its endpoint; answers how to ask it. */
  create(world: CustomerWorld, rows: number): Promise<Ask>;
}

type Ask = (sql: string) => Promise<readonly Record<string, unknown>[]>;

/** For what is left of the rows when all kills are done, on a busy machine. */
const PATIENCE = { timeoutMs: 300_000 };

/** So that it lasts for the kills. */
const ROWS_PER_SECOND = 8_000;

const POSTGRES: Kind = {
  ...{ name: 'PostgreSQL', rows: 200_000, kills: 20 },
  create: async (world, rows) => {
    const { database } = await world.addDatabase(testServers().targets[0], 'target');
    await withClient(database.url, (client) =>
      client.query(`CREATE TABLE source (id int PRIMARY KEY); CREATE TABLE copied (id int);
        INSERT INTO source SELECT generate_series(1, ${rows}); ANALYZE source`),
    );
    return (sql) => rowsOf(database, sql);
  },
};

const MARIADB: Kind = {
  ...{ name: 'MariaDB', rows: 100_000, kills: 10 },
  create: async (world, rows) => {
    const server = await startMariaDb();
    const { name, url } = await createMariaDbDatabase(server);
    const ask: Ask = (sql) => withMariaDb(server, (query) => query(sql), name);
    await ask('CREATE TABLE source (id int PRIMARY KEY)');
    await ask('CREATE TABLE copied (id int)');
    await ask(`INSERT INTO source SELECT seq FROM seq_1_to_${rows}`);
    await world.accept('/endpoints', { id: 'target', kind: 'MySQL', config: { url } });
    return ask;
  },
};

const COPY =
  'INSERT INTO copied SELECT id FROM source WHERE id > {{batch.after}} ORDER BY id LIMIT {{batch.size}} RETURNING id';

interface RunView {
  readonly state: string;
  readonly error?: unknown;
  readonly backfill?: { readonly progress: { readonly done: number; readonly estimated: number | null } };
}

// Protocol: I35, I38
describe.each(hasMariaDb() ? [POSTGRES, MARIADB] : [POSTGRES])(
  'batches on $name that commit one by one, through kill -9 of workers at any moment',
  ({ name, rows: all, kills: most, create }) => {
    let crash: CrashCluster;
    let world: CustomerWorld;
    let ask: Ask;

    beforeAll(async () => {
      crash = await startCrashCluster({ workers: 2 });
      world = await CustomerWorld.create(crash.cluster);
      ask = await create(world, all);
      const template = { endpoint: 'target', kind: 'Write', template: { query: COPY } };
      await world.accept('/templates', { id: 'copy', template, batch: { size: 100, commit: 'each' } });
      await world.addApi('copies');
    });

    it('do each row once', async () => {
      const backfill = { target_batch_ms: 20, max_rows_per_second: ROWS_PER_SECOND };
      await world.accept('/migrations', { id: 'fill', options: { atomicity: 'best', backfill } });
      await world.accept('/migrations/fill/add_api', { id: 'copies', bindings: [{ template: 'copy', fields: {} }] });
      await world.accept('/migrations/fill/sync');
      await world.client.post('/migrations/fill/migrate', {}, { Prefer: 'respond-async' });
      let kills = 0;
      for (; kills < most && (await latestRun()).state !== 'succeeded'; kills += 1) {
        const before = await copied();
        await eventually(async () => {
          const { rows, once } = await copied();
          expect(once).toBe(true);
          expect(rows).toBeGreaterThan(before.rows);
        });
        await sleep(Math.random() * 400);
        await killWhoeverHasIt();
      }
      const run = await eventually(async () => {
        const latest = await latestRun();
        if (!['succeeded', 'failed', 'in_doubt'].includes(latest.state)) throw new Error(JSON.stringify(latest));
        return latest;
      }, PATIENCE);
      expect(run).toMatchObject({ state: 'succeeded', backfill: { progress: { done: all } } });
      expect(await copied()).toEqual({ rows: all, once: true });
      process.stdout.write(`backfill on ${name}: ${all} rows through ${kills} kills, each once\n`);
      expect(kills).toBeGreaterThan(0);
    }, 900_000);

    async function latestRun(): Promise<RunView> {
      const { body } = await world.client.get<{ data: { run: RunView } }>('/migrations/fill');
      return body.data.run;
    }

    async function copied(): Promise<{ readonly rows: number; readonly once: boolean }> {
      const [row] = await ask('SELECT count(*) AS n, count(DISTINCT id) AS ids FROM copied');
      return { rows: Number(row?.['n']), once: Number(row?.['n']) === Number(row?.['ids']) };
    }

    /** Both, so that it is surely the one; others take their places at once. */
    async function killWhoeverHasIt(): Promise<void> {
      const there = crash.cluster.workers.filter(({ process }) => process.running);
      await Promise.all(there.map(({ process }) => process.kill()));
      await Promise.all([crash.cluster.addWorker(), crash.cluster.addWorker()]);
    }
  },
);
