import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CrashPoint, ErrorContext, Run, Telemetry } from '@eden/domain';
import { EdenError } from '@eden/domain';
import { auditRuns, consumeRun, recoverRuns, sweepOrphans } from '@eden/engine';
import { createDatabase, eventually, testServers } from '@eden/testkit';
import { FailoverDatabase } from './failover-database.js';
import type { WorldDeps } from '../runs/run-world.js';
import { NEVER, RunWorld } from '../runs/run-world.js';

let target: FailoverDatabase;
let world: RunWorld;
let migrations = 0;

beforeAll(async () => {
  target = await FailoverDatabase.create('target');
  world = await RunWorld.create({ LOCK_TTL_MS: '1500' }, [target, await createDatabase(testServers().targets[0])]);
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

const count = (database: 0 | 1) => ({ database, query: 'UPDATE counter SET n = n + 1' });

async function counters(): Promise<number[]> {
  const rows = await Promise.all(([0, 1] as const).map((n) => world.query(n, 'SELECT n FROM counter')));
  return rows.flat().map(({ n }) => Number(n));
}

/** A run that has succeeded, of which the target has lost what it did from `lostFrom` on. */
async function failedOver(lostFrom: 'before-prepare' | 'before-decide'): Promise<Run> {
  const id = `m${(migrations += 1)}`;
  await world.migration(id, [count(0), count(1)]);
  await target.follow();
  const run = await world.request(id);
  let cut: Promise<void> | undefined;
  const worker = world.worker(async (point) => {
    // Both participants get there: neither goes on before it is done.
    if (point === lostFrom) await (cut ??= target.cutOff());
  });
  await consumeRun(worker, run, NEVER);
  await target.failOver();
  return world.run(run);
}

/** A worker whose alarms are heard. */
function listening(alarms: ErrorContext[]): WorldDeps {
  const runContradicted: Telemetry['runContradicted'] = (fields) => void alarms.push(fields);
  const telemetry = Object.create(world.deps.telemetry, { runContradicted: { value: runContradicted } }) as Telemetry;
  return world.worker(undefined, { telemetry });
}

async function contradictions({ uuid }: Run): Promise<unknown[]> {
  const events = await world.deps.store.organization(world.subject.organizationUuid).runEvents(uuid, 0);
  return events.filter(({ type }) => type === 'contradicted').map(({ data }) => data);
}

// Protocol: I21
describe('a target that fails over to a standby, after the run has succeeded', () => {
  it('with PREPARE and without COMMIT PREPARED: the sweep commits it, and says so', async () => {
    const [before] = await counters();
    const run = await failedOver('before-decide');
    expect(run).toMatchObject({ state: 'succeeded' });
    expect(await eventually(counters)).toEqual([before, Number(before) + 1]);
    expect(await world.prepared()).toBe(1);
    const alarms: ErrorContext[] = [];
    await eventually(async () => {
      expect(await sweepOrphans(listening(alarms))).toBe(0);
      expect(await world.prepared()).toBe(0);
    });
    expect(await counters()).toEqual([Number(before) + 1, Number(before) + 1]);
    expect(await world.run(run.uuid)).toMatchObject({ state: 'succeeded' });
    const seen = { database: 'target', endpoint_id: 'db-0', found: 'prepared' };
    expect(alarms).toEqual([expect.objectContaining({ run: run.uuid, ...seen })]);
    expect(await contradictions(run)).toEqual([expect.objectContaining(seen)]);
  });

  it('without both: the audit says so, once, and the run stays succeeded', async () => {
    const run = await failedOver('before-prepare');
    expect(run).toMatchObject({ state: 'succeeded' });
    await eventually(counters);
    const alarms: ErrorContext[] = [];
    const seen = { database: 'target', endpoint_id: 'db-0', found: 'missing without' };
    await auditRuns(listening(alarms));
    await auditRuns(listening(alarms));
    expect(alarms).toEqual([expect.objectContaining({ run: run.uuid, ...seen })]);
    expect(await contradictions(run)).toEqual([expect.objectContaining(seen)]);
    expect(await world.run(run.uuid)).toMatchObject({ state: 'succeeded' });
  });
});

/*
 * The worker dies with the target, once the first database has committed: the target is either that one, or has its commit
 * still before it.
 */
// Protocol: I11, I14, I20, I21
describe('a target that fails over while the run is committing', () => {
  beforeEach(async () => {
    for (const database of [0, 1] as const) await world.query(database, 'UPDATE counter SET n = 0');
  });

  /** Who commits first: its database comes first in the plan. */
  async function isWitness(run: Run): Promise<boolean> {
    const [first] = await world.deps.journal.participants(run.uuid);
    return first?.database.name === target.name;
  }

  /** A run that is committing, whose worker is gone, and of which the target has lost what it did from `lostFrom` on. */
  async function committing(lostFrom: CrashPoint, diesAt: CrashPoint): Promise<Run> {
    const id = `m${(migrations += 1)}`;
    await world.migration(id, [count(0), count(1)]);
    await target.follow();
    const run = await world.request(id);
    let cut: Promise<void> | undefined;
    let isGone = false;
    const worker = world.worker(async (point) => {
      if (point === lostFrom) await (cut ??= target.cutOff());
      isGone ||= point === diesAt;
      if (isGone) throw new EdenError('FENCED');
    });
    const { journal } = worker;
    const heartbeat: typeof journal.heartbeat = async (owned) => !isGone && (await journal.heartbeat(owned));
    await consumeRun({ ...worker, journal: { ...journal, heartbeat } }, run, NEVER);
    await target.failOver();
    expect(await world.run(run)).toMatchObject({ state: 'committing' });
    return world.run(run);
  }

  /** What the workers that are left do. */
  async function settled({ uuid }: Run): Promise<Run> {
    return eventually(
      async () => {
        await recoverRuns(world.worker(), NEVER);
        const run = await world.run(uuid);
        if (run.state === 'queued') await consumeRun(world.worker(), uuid, NEVER);
        expect(['succeeded', 'failed', 'in_doubt']).toContain((await world.run(uuid)).state);
        return world.run(uuid);
      },
      { timeoutMs: 60_000 },
    );
  }

  it.each(['after-decide', 'after-commit-prepared', 'before-complete'] as const)(
    'with PREPARE, when its worker dies at %s: both commit',
    async (diesAt) => {
      const run = await committing('before-decide', diesAt);
      expect(await settled(run)).toMatchObject({ state: 'succeeded', attempt: 1 });
      expect(await counters()).toEqual([1, 1]);
      expect(await world.prepared()).toBe(0);
    },
  );

  it('without PREPARE, before anybody has committed: undone and tried again where it commits first, else in doubt', async () => {
    const run = await committing('before-prepare', 'after-decide');
    const isFirst = await isWitness(run);
    const ended = await settled(run);
    if (isFirst) {
      expect(ended).toMatchObject({ state: 'succeeded', attempt: 2 });
      expect(await counters()).toEqual([1, 1]);
    } else {
      expect(ended).toMatchObject({ state: 'in_doubt', error: { context: { decided: true } } });
      expect(await counters()).toEqual([0, 1]);
    }
    expect(await world.prepared()).toBe(0);
  });

  it('without PREPARE, behind all commits: named, with what is known', async () => {
    const run = await committing('before-prepare', 'before-complete');
    const ended = await settled(run);
    expect(ended).toMatchObject({ state: 'in_doubt' });
    expect(ended.error?.context['databases']).toContainEqual(expect.objectContaining({ database: expect.any(String) }));
    expect(await counters()).toEqual([0, 1]);
    expect(await world.prepared()).toBe(0);
  });
});
