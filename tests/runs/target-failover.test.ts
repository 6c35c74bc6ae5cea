import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ErrorContext, Run, Telemetry } from '@eden/domain';
import { auditRuns, consumeRun, sweepOrphans } from '@eden/engine';
import { createDatabase, eventually, testServers } from '@eden/testkit';
import { FailoverDatabase } from './failover-database.js';
import type { WorldDeps } from './run-world.js';
import { NEVER, RunWorld } from './run-world.js';

let target: FailoverDatabase;
let world: RunWorld;
let migrations = 0;

beforeAll(async () => {
  target = await FailoverDatabase.create('target');
  world = await RunWorld.create({}, [target, await createDatabase(testServers().targets[0])]);
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
