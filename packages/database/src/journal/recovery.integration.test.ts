import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createControlDatabase, withClient } from '@eden/testkit';
import { asUuid, type OwnedRun, type PreparedTransaction, type RunKind, type StoredError } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl, openControl } from '../testing/control.js';
import { carryOut, claimRun, LEASE_MS, queueRun, startRun, sync, work } from '../testing/runs.js';
import { attach, createScene, type Scene } from '../testing/tenants.js';

let url: string;
let control: ControlDatabase;
let scene: Scene;

const error: StoredError = { code: 'MIGRATION_EXECUTION_FAILED', error: 'failed', context: { failed_apis: [] } };

beforeAll(async () => {
  ({ url, control } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
  await attach(scene);
  await sync(scene);
});

async function start(kind: RunKind): Promise<OwnedRun> {
  return startRun(scene, await queueRun(scene, kind));
}

async function silence({ run }: OwnedRun): Promise<void> {
  await withClient(url, (client) =>
    client.query(`UPDATE runs SET heartbeat_at = now() - interval '1 hour' WHERE uuid = $1`, [run.uuid]),
  );
}

function query(text: string, values: unknown[] = []): Promise<{ rows: Record<string, unknown>[] }> {
  return withClient(url, (client) => client.query(text, values));
}

async function attendToAll(): Promise<void> {
  await query(`UPDATE runs SET heartbeat_at = now(), owner = 'alive' WHERE slot = 'active'`);
}

async function isAbandoned({ run }: OwnedRun): Promise<boolean> {
  return (await control.journal.abandoned(LEASE_MS)).some(({ uuid }) => uuid === run.uuid);
}

describe('many runs that were abandoned at once', () => {
  it('are shared out: a worker is given some of them, those first that have waited longest', async () => {
    // What other tests have left counts as attended to.
    await attendToAll();
    const { rows: copies } = await query(
      `WITH m AS (
         INSERT INTO migrations (uuid, organization_uuid, id, state, parameters, options, created_by)
         SELECT gen_random_uuid(), organization_uuid, 'copy-' || n, 'Pending', '{}', '{}', 'root'
           FROM migrations, generate_series(1, 60) n WHERE uuid = $1 RETURNING uuid, organization_uuid, id)
       INSERT INTO runs (uuid, organization_uuid, migration_uuid, migration_id, kind, state, slot, epoch, actor, overrides,
                         owner, heartbeat_at)
       SELECT gen_random_uuid(), m.organization_uuid, m.uuid, m.id, 'sync', 'running', 'active', 1, 'root', '{}',
              'dead', now() - interval '1 day' - row_number() OVER () * interval '1 second' FROM m RETURNING uuid, heartbeat_at`,
      [scene.migration.uuid],
    );
    const longest = copies
      .toSorted((a, b) => Number(a['heartbeat_at']) - Number(b['heartbeat_at']))
      .map(({ uuid }) => String(uuid));
    const first = await control.journal.abandoned(LEASE_MS);
    expect(first.map(({ uuid }) => uuid)).toEqual(longest.slice(0, first.length));
    expect(first.length).toBeLessThan(60);
    for (const one of first) expect(await control.journal.adopt(one, 'alive', LEASE_MS)).not.toBeNull();
    const second = await control.journal.abandoned(LEASE_MS);
    expect(second.map(({ uuid }) => uuid)).toEqual(longest.slice(first.length, first.length + second.length));
    await attendToAll();
  });
});

describe('an abort', () => {
  // Protocol: I12
  it('raises the epoch first, and stores what the run will end with', async () => {
    const owned = await start('migrate');
    const aborting = await control.journal.beginAbort(owned, { kind: 'failed', error });
    expect(aborting).toMatchObject({
      owner: owned.owner,
      run: { state: 'aborting', epoch: owned.run.epoch + 1, error },
    });
    expect((await scene.tenant.store.migration('v2')).epoch).toBe(owned.run.epoch + 1);
    expect(await control.journal.participants(owned.run.uuid)).toHaveLength(1);
    await control.journal.finishAbort(aborting, { kind: 'failed', error });
    expect(await scene.tenant.store.run(owned.run.uuid)).toMatchObject({ state: 'failed', error });
    expect((await scene.tenant.store.migration('v2')).state).toBe('Failed');
    await sync(scene);
    expect((await scene.tenant.store.migration('v2')).state).toBe('Pending');
  });

  it('after a crash queues the run again, with another attempt and a new wait', async () => {
    const owned = await start('migrate');
    const aborting = await control.journal.beginAbort(owned, { kind: 'requeue' });
    await control.outbox.markSent((await control.outbox.claim(100, 1_000)).map(({ uuid }) => uuid));
    await control.journal.finishAbort(aborting, { kind: 'requeue' });
    expect(await scene.tenant.store.run(owned.run.uuid)).toMatchObject({
      state: 'queued',
      attempt: 2,
      epoch: owned.run.epoch + 1,
      error: null,
      startedAt: null,
    });
    expect((await control.outbox.claim(100, 1_000)).map(({ runUuid }) => runUuid)).toEqual([owned.run.uuid]);
    const again = await claimRun(scene, owned.run);
    expect(await control.journal.waitedMs(again)).toBeLessThan(60_000);
    const second = await control.journal.start(again, work(scene), 1);
    expect(second.run.epoch).toBe(owned.run.epoch + 2);
    expect(await control.journal.participants(owned.run.uuid)).toEqual(work(scene).participants(second.run.epoch));
    await control.journal.decide(second, 1);
    await control.journal.complete(second);
    const types = (await scene.tenant.store.runEvents(owned.run.uuid, 0)).map(({ type }) => type);
    expect(types).toEqual([
      ...['queued', 'waiting_for_lock', 'started', 'aborting', 'requeued'],
      ...['waiting_for_lock', 'started', 'commit_decided', 'finished'],
    ]);
  });

  it.each(['failed', 'requeue'] as const)('of a rollback (%s) leaves the migration completed', async (kind) => {
    await carryOut(scene, 'migrate');
    const outcome = kind === 'failed' ? { kind, error } : { kind };
    const aborting = await control.journal.beginAbort(await start('rollback'), outcome);
    await control.journal.finishAbort(aborting, outcome);
    expect((await scene.tenant.store.migration('v2')).state).toBe('Completed');
    expect((await scene.tenant.store.api('customers')).membership?.active).toBe(false);
  });

  it('of a sync takes the migrate behind it with it', async () => {
    const owned = await start('sync');
    const behind = await queueRun(scene, 'migrate', 'behind');
    const aborting = await control.journal.beginAbort(owned, { kind: 'failed', error });
    await control.journal.finishAbort(aborting, { kind: 'failed', error });
    expect(await scene.tenant.store.run(behind.uuid)).toMatchObject({
      state: 'failed',
      error: { code: 'MIGRATION_NOT_SYNCED' },
    });
    expect((await scene.tenant.store.migration('v2')).state).toBe('Pending');
  });
});

describe('a run whose worker went silent', () => {
  it.each(['running', 'committing', 'aborting'])('is abandoned while it is %s', async (state) => {
    const owned = await start('migrate');
    if (state === 'committing') await control.journal.decide(owned, 1);
    if (state === 'aborting') await control.journal.beginAbort(owned, { kind: 'requeue' });
    expect(await isAbandoned(owned)).toBe(false);
    await silence(owned);
    expect(await isAbandoned(owned)).toBe(true);
  });

  // Protocol: I15
  it('is adopted by one of those that try', async () => {
    const owned = await start('migrate');
    await silence(owned);
    const adopted = await Promise.all(
      ['a', 'b', 'c'].map((owner) => control.journal.adopt(owned.run, owner, LEASE_MS)),
    );
    expect(adopted.filter((one) => one !== null)).toHaveLength(1);
    expect(await isAbandoned(owned)).toBe(false);
    const types = (await scene.tenant.store.runEvents(owned.run.uuid, 0)).map(({ type }) => type);
    expect(types.filter((type) => type === 'recovered')).toHaveLength(1);
  });

  // Protocol: I15
  it('is not adopted when it spoke again, or its epoch moved on', async () => {
    const owned = await start('migrate');
    expect(await control.journal.adopt(owned.run, 'other', LEASE_MS)).toBeNull();
    const aborting = await control.journal.beginAbort(owned, { kind: 'requeue' });
    await silence(aborting);
    expect(await control.journal.adopt(owned.run, 'other', LEASE_MS)).toBeNull();
    expect(await control.journal.adopt(aborting.run, 'other', LEASE_MS)).not.toBeNull();
  });

  it('is left alone before T1 and in doubt', async () => {
    const waiting = await claimRun(scene, await queueRun(scene, 'migrate'));
    await silence(waiting);
    expect(await isAbandoned(waiting)).toBe(false);
    const started = await control.journal.start(await claimRun(scene, waiting.run), work(scene), 1);
    await control.journal.decide(started, 1);
    await control.journal.markInDoubt(started, { decided: true, databases: [] });
    expect(await isAbandoned(started)).toBe(false);
  });
});

describe('a prepared transaction', () => {
  function prepared({ run }: OwnedRun, epoch = run.epoch): PreparedTransaction {
    const preparedId = `eden_test_${run.uuid}_${epoch}_0`;
    return {
      preparedId,
      installation: 'test',
      runUuid: run.uuid,
      epoch,
      number: 0,
      preparedAt: new Date(),
      role: 'app',
    };
  }

  it('is an orphan when its run is unknown, undone, or further on', async () => {
    const owned = await start('migrate');
    const mine = prepared(owned);
    const stranger = { ...mine, runUuid: asUuid(randomUUID()) };
    const earlier = prepared(owned, owned.run.epoch - 1);
    expect(await control.journal.orphaned([mine, stranger, earlier])).toEqual([stranger, earlier]);
    const aborting = await control.journal.beginAbort(owned, { kind: 'failed', error });
    expect(await control.journal.orphaned([mine])).toEqual([mine]);
    await control.journal.finishAbort(aborting, { kind: 'failed', error });
    const late = prepared(aborting);
    expect(await control.journal.orphaned([mine, late])).toEqual([mine, late]);
    expect(await control.journal.orphaned([])).toEqual([]);
  });

  it('is none once its run was decided, to the end', async () => {
    const owned = await start('migrate');
    await control.journal.decide(owned, 1);
    expect(await control.journal.orphaned([prepared(owned)])).toEqual([]);
    await control.journal.complete(owned);
    expect(await control.journal.orphaned([prepared(owned)])).toEqual([]);
  });
});

describe('the installation', () => {
  it('has one id per database, whoever asks first, and another in a copy', async () => {
    const others = [openControl(url), openControl(url)];
    try {
      const ids = await Promise.all([control, ...others].map(({ journal }) => journal.installation()));
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).toMatch(/^[a-z0-9]+$/);
    } finally {
      await Promise.all(others.map((other) => other.close()));
    }
    const copy = openControl((await createControlDatabase()).url);
    try {
      expect(await copy.journal.installation()).not.toBe(await control.journal.installation());
    } finally {
      await copy.close();
    }
  });
});
