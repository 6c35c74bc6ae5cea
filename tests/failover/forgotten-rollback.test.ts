import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cancelRun } from '@eden/coordinator';
import type { CrashPoint, Run, Uuid } from '@eden/domain';
import { EdenError, isFinished } from '@eden/domain';
import { consumeRun, recoverRuns, sweepOrphans } from '@eden/engine';
import { eventually } from '@eden/testkit';
import { FailoverDatabase } from './failover-database.js';
import type { Step } from '../runs/run-world.js';
import { NEVER, RunWorld } from '../runs/run-world.js';

/*
 * A rollback has no part in what its migrate has only read: its databases, and so its witness, are not those of the migration's
 * plan. A control database that has forgotten its T1 has to find out about the same ones.
 */
let control: FailoverDatabase;
let world: RunWorld;

beforeAll(async () => {
  control = await FailoverDatabase.createControl();
  world = await RunWorld.create({ DATABASE_URL: control.url, LOCK_TTL_MS: '3000', LOCK_TIMEOUT_MS: '9000' });
});

afterAll(() => world.close());

beforeEach(() => control.follow());

/** A migration that reads one database and changes the other one, carried out. */
async function migrated(id: string, read: 0 | 1): Promise<void> {
  const changed = read === 0 ? 1 : 0;
  const steps: readonly Step[] = [
    { database: read, query: 'SELECT 1', kind: 'Read' },
    { database: changed, query: `CREATE TABLE ${id} (n int)`, rollback: `DROP TABLE ${id}` },
  ];
  await world.migration(id, steps);
  await world.finish(await world.request(id));
}

/** Its rollback, whose worker dies at the point, and of which the control database knows no more than its claim. */
async function forgotten(id: string, diesAt: CrashPoint): Promise<Uuid> {
  const run = await world.request(id, 'rollback');
  let isGone = false;
  const worker = world.worker(async (point) => {
    if (point === 'after-claim') await control.cutOff();
    isGone ||= point === diesAt;
    if (isGone) throw new EdenError('FENCED');
  });
  const journal = { ...worker.journal, heartbeat: () => Promise.resolve(true) };
  await consumeRun({ ...worker, journal }, run, NEVER).catch(() => undefined);
  expect(isGone).toBe(true);
  await control.failOver();
  return run;
}

/** What the workers that are left do with it once it is cancelled. */
async function settled(run: Uuid): Promise<Run> {
  const { migrationId } = await eventually(() => world.run(run));
  await eventually(() => cancelRun(world.deps, world.subject, migrationId));
  return eventually(async () => {
    await recoverRuns(world.worker(), NEVER);
    await sweepOrphans(world.worker());
    const now = await world.run(run);
    if (!isFinished(now.state) && now.state !== 'in_doubt') throw new Error(`still ${now.state}`);
    return now;
  });
}

async function isThere(table: string, database: 0 | 1): Promise<boolean> {
  const [row] = await world.query(database, `SELECT to_regclass('${table}') IS NOT NULL AS there`);
  return row?.there === true;
}

// Protocol: I20
describe.each([0, 1] as const)('a rollback that was forgotten, of a migration that only reads database %d', (read) => {
  const changed = read === 0 ? 1 : 0;

  it('has succeeded when its database has committed it', async () => {
    const id = `committed_${read}`;
    await migrated(id, read);
    const { state } = await settled(await forgotten(id, 'before-complete'));
    expect([state, await isThere(id, changed), await world.prepared()]).toEqual(['succeeded', false, 0]);
  });

  it('is cancelled when its database has not committed it', async () => {
    const id = `undecided_${read}`;
    await migrated(id, read);
    const { state } = await settled(await forgotten(id, 'after-prepare'));
    expect([state, await isThere(id, changed), await world.prepared()]).toEqual(['cancelled', true, 0]);
  });
});
