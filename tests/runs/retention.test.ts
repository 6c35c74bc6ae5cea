import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pruneHistory } from '@eden/engine';
import type { PrunedHistory, Run, Telemetry, Uuid } from '@eden/domain';
import { createControlDatabase, withClient } from '@eden/testkit';
import { NEVER, RunWorld } from './run-world.js';

let controlUrl: string;
let world: RunWorld;

beforeAll(async () => {
  controlUrl = (await createControlDatabase()).url;
  world = await RunWorld.create({ DATABASE_URL: controlUrl });
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
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
  for (const database of [0, 1] as const) {
    await world.query(database, `INSERT INTO _eden.ledger (run_uuid, epoch, number) VALUES ('${migrate.uuid}', 9, 9)`);
  }
  return migrate;
}

function control(sql: string): Promise<readonly Record<string, unknown>[]> {
  return withClient(controlUrl, async (client) => (await client.query(sql)).rows as Record<string, unknown>[]);
}

async function ledgers(run: Uuid): Promise<readonly number[]> {
  const sql = `SELECT count(*)::int AS n FROM _eden.ledger WHERE run_uuid = '${run}' AND number = 9`;
  return (await Promise.all([world.query(0, sql), world.query(1, sql)])).flat().map(({ n }) => Number(n));
}

/** A round by a worker of its own, made due; null when another one was at it. */
async function prune(): Promise<PrunedHistory | null> {
  const pruned: PrunedHistory[] = [];
  const worker = world.worker();
  const historyPruned = (what: PrunedHistory) => void pruned.push(what);
  const telemetry = Object.create(worker.telemetry, { historyPruned: { value: historyPruned } }) as Telemetry;
  await pruneHistory({ ...worker, telemetry }, world.context.retention, NEVER);
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

  it('is told to stop between two runs', async () => {
    await history('stopped');
    await due();
    await pruneHistory(world.worker(), world.context.retention, AbortSignal.abort());
    expect(await control('SELECT FROM runs')).toHaveLength(3);
    const [{ owner } = {}] = await control('SELECT owner FROM retention');
    expect(owner).toBeNull();
  });
});
