import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { updateEndpoint } from '@eden/coordinator';
import { pruneHistory } from '@eden/engine';
import type { PrunedHistory, RetentionStore, Run, Telemetry, Uuid } from '@eden/domain';
import { createControlDatabase, withClient } from '@eden/testkit';
import type { WorldDeps } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

let controlUrl: string;
let world: RunWorld;

beforeAll(async () => {
  controlUrl = (await createControlDatabase()).url;
  world = await RunWorld.create({ DATABASE_URL: controlUrl });
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterEach(() => {
  for (const proxy of world.proxies) proxy.resume();
});

afterAll(() => world.close());

const count = (database: 0 | 1) => ({ database, query: 'UPDATE counter SET n = n + 1', rollback: 'SELECT 1' });

/** A migration, carried out and undone, whose runs ended 91 days ago; with ledger rows as if nobody had removed them. */
async function history(id: string): Promise<Run> {
  await world.migration(id, [count(0), count(1)]);
  const migrate = await world.finish(await world.request(id));
  await world.finish(await world.request(id, 'rollback'));
  await control(
    `UPDATE runs SET created_at = created_at - interval '91 days', finished_at = finished_at - interval '91 days'`,
  );
  await insertLedgers(migrate, 9);
  return migrate;
}

async function insertLedgers({ uuid, token }: Run, number: number): Promise<void> {
  const sql = `INSERT INTO _eden.ledger (run_uuid, epoch, number, token) VALUES ('${uuid}', 9, ${number}, '${token}')`;
  for (const database of [0, 1] as const) await world.query(database, sql);
}

function control(sql: string): Promise<readonly Record<string, unknown>[]> {
  return withClient(controlUrl, async (client) => (await client.query(sql)).rows as Record<string, unknown>[]);
}

async function ledgers(run: Uuid, number = 9): Promise<readonly number[]> {
  const sql = `SELECT count(*)::int AS n FROM _eden.ledger WHERE run_uuid = '${run}' AND number = ${number}`;
  return (await Promise.all([world.query(0, sql), world.query(1, sql)])).flat().map(({ n }) => Number(n));
}

interface Round {
  readonly stop?: AbortSignal;
  /** Steps in between the round and the control database. */
  readonly store?: Partial<RetentionStore>;
  /** Told of every endpoint that the round asks. */
  readonly asked?: (endpointId: string) => void;
}

/** A round by a worker of its own, made due; null when another one was at it. */
async function prune({ stop = NEVER, store = {}, asked = () => undefined }: Round = {}): Promise<PrunedHistory | null> {
  const pruned: PrunedHistory[] = [];
  const worker = world.worker();
  const historyPruned = (what: PrunedHistory) => void pruned.push(what);
  const telemetry = Object.create(worker.telemetry, { historyPruned: { value: historyPruned } }) as Telemetry;
  const adapter: WorldDeps['targets']['adapter'] = (kind) => {
    const real = worker.targets.adapter(kind);
    const openSettlement: typeof real.openSettlement = (endpoint) => {
      asked(endpoint.id);
      return real.openSettlement(endpoint);
    };
    return Object.create(real, { openSettlement: { value: openSettlement } }) as typeof real;
  };
  const targets = Object.create(worker.targets, { adapter: { value: adapter } }) as WorldDeps['targets'];
  const { retention } = world.context;
  await pruneHistory(
    { ...worker, telemetry, targets },
    { ...retention, store: { ...retention.store, ...store } },
    stop,
  );
  return pruned[0] ?? null;
}

const due = () => control('UPDATE retention SET due_at = now(), owner = NULL, claimed_until = NULL');

describe('retention', () => {
  it('takes the run, its events and its ledger rows, by one of two workers that come at once', async () => {
    const { uuid } = await history('gone');
    await due();
    const rounds = await Promise.all([prune(), prune()]);
    const [done, ...others] = rounds.filter((round) => round !== null);
    expect(others).toEqual([]);
    expect(done).toMatchObject({ runs: 3, kept: 0, targetDatabases: 0 });
    expect(done?.events).toBeGreaterThan(10);
    expect(await ledgers(uuid)).toEqual([0, 0]);
    expect(await control('SELECT FROM runs')).toEqual([]);
    expect(await control('SELECT FROM run_events')).toEqual([]);
    expect(await prune()).toBeNull();
  });

  // Protocol: I30
  it('leaves the ledger rows of a run alone that another control database has written', async () => {
    const run = await history('copied');
    await insertLedgers({ ...run, token: 'fedcba9876543210' }, 8);
    await due();
    expect(await prune()).toMatchObject({ kept: 0 });
    expect([await ledgers(run.uuid), await ledgers(run.uuid, 8)]).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('keeps a run for as long as one of its databases does not answer', async () => {
    const { uuid } = await history('away');
    world.proxies[1].pause();
    await due();
    expect(await prune()).toMatchObject({ runs: 1, kept: 2 });
    expect(await world.run(uuid)).toMatchObject({ state: 'succeeded' });
    world.proxies[1].resume();
    await due();
    expect(await prune()).toMatchObject({ runs: 2, kept: 0 });
    expect(await ledgers(uuid)).toEqual([0, 0]);
  });

  it('keeps a run of which a transaction is still prepared, so that nobody takes that for an orphan', async () => {
    const { uuid } = await history('prepared');
    const preparedId = `eden_${await world.deps.journal.installation()}_${uuid}_1_0`;
    await world.query(0, `BEGIN; CREATE TABLE prepared_late (); PREPARE TRANSACTION '${preparedId}'`);
    await due();
    expect(await prune()).toMatchObject({ runs: 2, kept: 1 });
    expect(await world.run(uuid)).toMatchObject({ state: 'succeeded' });
    expect((await ledgers(uuid))[0]).toBe(1);
    await world.query(0, `ROLLBACK PREPARED '${preparedId}'`);
    await due();
    expect(await prune()).toMatchObject({ runs: 1, kept: 0 });
  });

  it('asks a database that does not answer once a round, and goes on behind the runs that it keeps', async () => {
    await history('asked');
    world.proxies[1].pause();
    // As if the runs were so many that each is a batch of its own.
    const { forgettable } = world.context.retention.store;
    const store: Partial<RetentionStore> = { forgettable: (round, _limit, after) => forgettable(round, 1, after) };
    await control(`UPDATE runs SET finished_at = finished_at + interval '1 hour' WHERE kind = 'sync'`);
    const asked: string[] = [];
    await due();
    expect(await prune({ store, asked: (endpoint) => asked.push(endpoint) })).toMatchObject({ runs: 1, kept: 2 });
    expect(asked.sort()).toEqual(['db-0', 'db-0', 'db-1']);
    world.proxies[1].resume();
    await due();
    expect(await prune({ store })).toMatchObject({ runs: 2, kept: 0 });
  });

  it('keeps a committed run while its endpoint leads to another database', async () => {
    const { uuid } = await history('elsewhere');
    const leadTo = (database: 0 | 1) => {
      const url = new URL(world.databases[database].url);
      url.port = String(world.proxies[database].port);
      return updateEndpoint(world.deps, world.subject, 'db-1', { config: { url: url.href } });
    };
    await leadTo(0);
    await due();
    expect(await prune()).toMatchObject({ runs: 1, kept: 2 });
    expect(await world.run(uuid)).toMatchObject({ state: 'succeeded' });
    await leadTo(1);
    await due();
    expect(await prune()).toMatchObject({ runs: 2, kept: 0 });
    expect(await ledgers(uuid)).toEqual([0, 0]);
  });

  it('keeps a committed run whose endpoint is gone; one that was undone leaves nothing that it decides', async () => {
    const { uuid } = await history('deleted');
    // As a deleted endpoint leaves them: run_participants refer to none.
    await control(`UPDATE run_participants SET endpoint_uuid = gen_random_uuid() WHERE number = 1`);
    await due();
    expect(await prune()).toMatchObject({ runs: 1, kept: 2 });
    expect(await world.run(uuid)).toMatchObject({ state: 'succeeded' });
    await control(`UPDATE runs SET state = 'failed'`);
    await due();
    expect(await prune()).toMatchObject({ runs: 2, kept: 0 });
  });

  it('is told to stop between two runs', async () => {
    await history('stopped');
    await due();
    const stopping = new AbortController();
    const { forgetRun } = world.context.retention.store;
    const forgetOne: RetentionStore['forgetRun'] = async (round, run) => {
      const step = await forgetRun(round, run);
      stopping.abort();
      return step;
    };
    expect(await prune({ stop: stopping.signal, store: { forgetRun: forgetOne } })).toMatchObject({ runs: 1 });
    expect(await control('SELECT FROM runs')).toHaveLength(2);
    const [{ owner } = {}] = await control('SELECT owner FROM retention');
    expect(owner).toBeNull();
  });

  it('asks no more databases once it is told to stop', async () => {
    await due();
    const stopping = new AbortController();
    const { forgettable } = world.context.retention.store;
    const store: Partial<RetentionStore> = {
      forgettable: async (...which) => {
        const runs = await forgettable(...which);
        stopping.abort();
        return runs;
      },
    };
    const asked: string[] = [];
    const round = { stop: stopping.signal, store, asked: (endpoint: string) => asked.push(endpoint) };
    expect(await prune(round)).toMatchObject({ runs: 0 });
    expect(asked).toEqual([]);
    expect(await control('SELECT FROM runs')).toHaveLength(2);
  });
});
