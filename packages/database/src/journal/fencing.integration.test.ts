import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withClient } from '@eden/testkit';
import { asUuid, type OwnedRun, type StoredError } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import {
  asked,
  changed,
  currentPlan,
  LEASE_MS,
  newToken,
  NOTHING,
  queueRun,
  runApi,
  startRun,
  sync,
} from '../testing/runs.js';
import { attach, createScene, type Scene } from '../testing/tenants.js';

let url: string;
let control: ControlDatabase;
let scene: Scene;

const error: StoredError = { code: 'MIGRATION_EXECUTION_FAILED', error: 'failed', context: {} };

beforeAll(async () => {
  ({ url, control } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
  await attach(scene);
});

/** Everything in the database that a run could change, but for what changes by itself. */
function snapshot(): Promise<unknown[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query(`SELECT to_jsonb(t) - 'heartbeat_at' AS row FROM runs t ORDER BY 1`);
    const tables = [
      'migrations',
      'apis',
      'memberships',
      'run_apis',
      'run_bindings',
      'run_events',
      'run_participants',
      'outbox',
    ];
    for (const table of tables) {
      rows.push(...(await client.query(`SELECT to_jsonb(t) AS row FROM ${table} t ORDER BY 1`)).rows);
    }
    return rows;
  });
}

/** Every write of a run that has started. */
async function everyWrite(owned: OwnedRun): Promise<Record<string, () => Promise<unknown>>> {
  const { journal } = control;
  const [plan, check] = [await currentPlan(scene), await asked(control)];
  return {
    start: () => journal.start(owned, NOTHING, 1),
    giveBack: () => journal.giveBack(owned, 'why'),
    recordApis: () => journal.recordApis(owned, [changed(runApi(scene.api.uuid, 'failed'))]),
    recordEvent: () => journal.recordEvent(owned, 'prepared', { participants: 1 }),
    recordEvents: () => journal.recordEvents(owned, [{ type: 'prepared', data: { participants: 1 } }]),
    noteWaiting: () => journal.noteWaiting(owned, { reason: 'why' }),
    noteUnprepared: () =>
      journal.noteUnprepared(owned, { planHash: plan.hash, databaseKey: 'shop', reason: 'it notifies' }),
    finishSync: () => journal.finishSync(owned, plan),
    fail: () => journal.fail(owned, error),
    enterDeciding: () => journal.enterDeciding(owned, 1),
    decide: () => journal.decide(owned, 1),
    honour: () => journal.honour(owned, { token: newToken(), participants: [] }),
    takeToken: () => journal.takeToken(owned, newToken()),
    recant: () => journal.recant(owned, { kind: 'requeue', reason: 'its worker died' }),
    complete: () => journal.complete(owned),
    markInDoubt: () => journal.markInDoubt(owned, { decided: true, databases: [] }),
    beginAbort: () => journal.beginAbort(owned, { kind: 'requeue', reason: 'its worker died' }),
    finishAbort: () => journal.finishAbort(owned, { kind: 'failed', error, reason: 'why' }, check),
  };
}

async function expectAllFenced(owned: OwnedRun): Promise<void> {
  const before = await snapshot();
  for (const [name, write] of Object.entries(await everyWrite(owned))) {
    expect([name, await write().catch((thrown: unknown) => thrown)]).toEqual([
      name,
      expect.objectContaining({ code: 'FENCED' }),
    ]);
  }
  expect(await control.journal.heartbeat(owned)).toBe(false);
  expect(await snapshot()).toEqual(before);
}

async function startedMigrate(): Promise<OwnedRun> {
  await sync(scene);
  return startRun(scene, await queueRun(scene, 'migrate'));
}

describe('a stale owner', () => {
  // Protocol: I4, I12
  it('is fenced in everything once an abort has raised the epoch', async () => {
    const owned = await startedMigrate();
    await control.journal.beginAbort(owned, { kind: 'requeue', reason: 'its worker died' });
    await expectAllFenced(owned);
  });

  // Protocol: I4
  it('is fenced in everything once another worker has adopted its run', async () => {
    const owned = await startedMigrate();
    const adopted = await control.journal.adopt(owned.run, 'other', -LEASE_MS);
    expect(adopted).toMatchObject({ owner: 'other', run: { state: 'running', epoch: owned.run.epoch } });
    await expectAllFenced(owned);
  });

  // Protocol: I4
  it('is fenced in everything once the run is finished', async () => {
    const owned = await startedMigrate();
    await control.journal.decide(owned, 1);
    await control.journal.complete(owned);
    await expectAllFenced(owned);
  });

  it('of a sync is fenced once the sync has been taken over', async () => {
    const owned = await startRun(scene, await queueRun(scene, 'sync'));
    await control.journal.adopt(owned.run, 'other', -LEASE_MS);
    await expectAllFenced(owned);
  });
});

describe('a run whose last resource may have committed', () => {
  // Protocol: I13
  it('is not aborted by an owner who does not know it, and is by one who does', async () => {
    const owned = await startedMigrate();
    await control.journal.enterDeciding(owned, 12);
    const outcome = { kind: 'requeue', reason: 'its worker died' } as const;
    await expect(control.journal.beginAbort(owned, outcome)).rejects.toMatchObject({ code: 'FENCED' });
    await expect(control.journal.decide(owned, 12)).rejects.toMatchObject({ code: 'FENCED' });
    const adopted = await control.journal.adopt(owned.run, 'other', -LEASE_MS);
    expect(adopted).toMatchObject({ run: { state: 'deciding', parallelExecutionMs: 12 } });
    expect(await control.journal.beginAbort(adopted as OwnedRun, outcome)).toMatchObject({
      run: { state: 'aborting' },
    });
  });
});

describe('a run that was decided', () => {
  // Protocol: I11
  it('can neither be aborted nor decided again', async () => {
    const owned = await startedMigrate();
    await control.journal.decide(owned, 1);
    const { beginAbort, decide, fail } = await everyWrite(owned);
    for (const write of [beginAbort, decide, fail]) await expect(write?.()).rejects.toMatchObject({ code: 'FENCED' });
    expect(await control.journal.state(owned.run.uuid)).toEqual({ state: 'committing', epoch: owned.run.epoch });
  });
});

describe('the state of a run', () => {
  // Protocol: I10
  it('waits for a decision in flight', async () => {
    const owned = await startedMigrate();
    const answer = await withClient(url, async (client) => {
      await client.query('BEGIN');
      await client.query(`UPDATE runs SET state = 'committing' WHERE uuid = $1`, [owned.run.uuid]);
      const asked = control.journal.state(owned.run.uuid);
      await untilBlocked(client);
      await client.query('COMMIT');
      return asked;
    });
    expect(answer).toEqual({ state: 'committing', epoch: owned.run.epoch });
  });

  it('is null for a run that nobody knows', async () => {
    expect(await control.journal.state(asUuid('00000000-0000-7000-8000-000000000000'))).toBeNull();
  });
});

async function untilBlocked(client: { query(text: string): Promise<{ rows: { blocked: boolean }[] }> }): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      'SELECT bool_or(pg_backend_pid() = ANY(pg_blocking_pids(pid))) AS blocked FROM pg_stat_get_activity(NULL)',
    );
    if (rows[0]?.blocked === true) return;
  }
}
