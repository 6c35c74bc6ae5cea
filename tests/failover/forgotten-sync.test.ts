import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cancelRun, updateTemplate } from '@eden/coordinator';
import type { CrashPoint, Run, Uuid } from '@eden/domain';
import { isFinished } from '@eden/domain';
import { auditRuns, consumeRun, recoverRuns, sweepOrphans } from '@eden/engine';
import { eventually } from '@eden/testkit';
import { FailoverDatabase } from './failover-database.js';
import type { Step } from '../runs/run-world.js';
import { NEVER, RunWorld } from '../runs/run-world.js';

/*
 * A migrate waits behind a sync, and the control database forgets that this has ended: with it the plan by which the migrate has
 * run since. Whatever ends it now has to ask the targets first.
 */
let control: FailoverDatabase;
let world: RunWorld;

beforeAll(async () => {
  control = await FailoverDatabase.createControl();
  world = await RunWorld.create({ DATABASE_URL: control.url, LOCK_TTL_MS: '3000', LOCK_TIMEOUT_MS: '9000' });
});

afterAll(() => world.close());

beforeEach(() => control.follow());

/** Each makes a table of the migration's name. */
const makes = (id: string, database: 0 | 1): Step => ({ database, query: `CREATE TABLE ${id} (n int)` });
/** What PostgreSQL cannot prepare: the database is the last resource. */
const notifies: Step = { database: 1, query: 'NOTIFY counters' };

interface Forgotten {
  readonly sync: Uuid;
  readonly migrate: Uuid;
}

/** Both are accepted and then forgotten up to there; the worker of the migrate has died at the point. */
async function forgotten(id: string, steps: readonly Step[], diesAt: CrashPoint): Promise<Forgotten> {
  await world.unsynced(id, steps);
  const sync = await world.request(id, 'sync');
  const migrate = await world.request(id);
  await control.cutOff();
  await consumeRun(world.worker(), sync, NEVER);
  await world.dieAt(diesAt, migrate);
  await control.failOver();
  const known = await eventually(async () => [await world.run(sync), await world.run(migrate)]);
  expect(known.map(({ state }) => state)).toEqual(['queued', 'queued']);
  return { sync, migrate };
}

/** What the workers that are left do with it. */
async function settled(run: Uuid): Promise<Run> {
  return eventually(async () => {
    await recoverRuns(world.worker(), NEVER);
    await sweepOrphans(world.worker());
    const now = await world.run(run);
    if (!isFinished(now.state)) throw new Error(`still ${now.state}`);
    return now;
  });
}

async function isThere(table: string): Promise<readonly boolean[]> {
  const sql = `SELECT to_regclass('${table}') IS NOT NULL AS there`;
  const rows = await Promise.all([world.query(0, sql), world.query(1, sql)]);
  return rows.flat().map(({ there }) => there === true);
}

async function ended(id: string, run: Uuid): Promise<readonly unknown[]> {
  const { state } = await settled(run);
  return [state, ...(await isThere(id)), await world.prepared()];
}

const cancelled = (id: string): Promise<unknown> => cancelRun(world.deps, world.subject, id);

/** Its sync is run again, and finds a statement that no transaction takes. */
async function refused(id: string, { sync }: Forgotten): Promise<void> {
  await updateTemplate(world.deps, world.subject, `${id}-0`, { body: { query: 'VACUUM' } });
  expect(await world.finish(sync)).toMatchObject({ state: 'failed' });
}

// Protocol: I20
describe('a migrate that has run by a plan that is forgotten, and comes to no T1 any more', () => {
  it.each([
    [
      'cancelled, when the first of its databases has committed',
      { id: 'one', diesAt: 'after-commit-prepared', end: cancelled },
    ],
    ['refused, when both have committed', { id: 'two', diesAt: 'before-complete', end: refused }],
  ] as const)('has succeeded, %s', async (_, { id, diesAt, end }) => {
    const known = await forgotten(id, [makes(id, 0), makes(id, 1)], diesAt);
    await end(id, known);
    expect(await ended(id, known.migrate)).toEqual(['succeeded', true, true, 0]);
  });

  it('has succeeded, refused, when its only database has committed', async () => {
    const known = await forgotten('single', [makes('single', 0)], 'after-last-resource');
    await refused('single', known);
    expect(await ended('single', known.migrate)).toEqual(['succeeded', true, false, 0]);
  });

  it('has succeeded, cancelled, when its last resource has committed', async () => {
    const known = await forgotten('last', [makes('last', 0), makes('last', 1), notifies], 'after-last-resource');
    await cancelled('last');
    expect(await ended('last', known.migrate)).toEqual(['succeeded', true, true, 0]);
  });

  it('is cancelled where nothing has committed, and leaves nothing prepared', async () => {
    const { migrate } = await forgotten('none', [makes('none', 0), makes('none', 1)], 'before-decide');
    expect(await world.prepared()).toBe(2);
    await cancelled('none');
    expect(await ended('none', migrate)).toEqual(['cancelled', false, false, 0]);
    const { state, planHash } = await world.deps.store.organization(world.subject.organizationUuid).migration('none');
    expect([state, planHash]).toEqual(['Pending', null]);
  });
});

// Protocol: I20
it('a migrate whose forgotten plan has committed is looked after as any other, and can be migrated no more', async () => {
  const known = await forgotten('after', [makes('after', 0), makes('after', 1)], 'after-commit-prepared');
  await cancelRun(world.deps, world.subject, 'after');
  expect(await settled(known.migrate)).toMatchObject({ state: 'succeeded', cancelledBy: 'ann' });
  await auditRuns(world.worker());
  expect((await world.deps.journal.participants(known.migrate)).map(({ number }) => number)).toEqual([0, 1]);
  await expect(world.request('after')).rejects.toMatchObject({ code: 'MIGRATION_STATE' });
});
