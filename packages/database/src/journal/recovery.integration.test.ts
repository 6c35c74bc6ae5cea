import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createControlDatabase, withClient } from '@eden/testkit';
import { asUuid, fateOfPrepared } from '@eden/domain';
import type { OwnedRun, PreparedFate, Run, RunKind, StoredError, Uuid } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl, openControl } from '../testing/control.js';
import { asked, carryOut, claimRun, LEASE_MS, newToken, queueRun, startRun, sync, work } from '../testing/runs.js';
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
    const aborting = await control.journal.beginAbort(owned, { kind: 'failed', error, reason: 'why' });
    expect(aborting).toMatchObject({
      owner: owned.owner,
      run: { state: 'aborting', epoch: owned.run.epoch + 1, error },
    });
    expect((await scene.tenant.store.migration('v2')).epoch).toBe(owned.run.epoch + 1);
    expect(await control.journal.participants(owned.run.uuid)).toHaveLength(1);
    await control.journal.finishAbort(aborting, { kind: 'failed', error, reason: 'why' }, await asked(control));
    expect(await scene.tenant.store.run(owned.run.uuid)).toMatchObject({ state: 'failed', error });
    expect((await scene.tenant.store.migration('v2')).state).toBe('Failed');
    await sync(scene);
    expect((await scene.tenant.store.migration('v2')).state).toBe('Pending');
  });

  it('after a crash queues the run again, with another attempt and a new wait', async () => {
    const owned = await start('migrate');
    const aborting = await control.journal.beginAbort(owned, { kind: 'requeue', reason: 'its worker died' });
    await control.outbox.markSent((await control.outbox.claim(100, 1_000)).map(({ uuid }) => uuid));
    await control.journal.finishAbort(aborting, { kind: 'requeue', reason: 'its worker died' }, await asked(control));
    expect(await scene.tenant.store.run(owned.run.uuid)).toMatchObject({
      state: 'queued',
      attempt: 2,
      epoch: owned.run.epoch + 1,
      error: null,
      startedAt: owned.run.startedAt,
    });
    expect((await control.outbox.claim(100, 1_000)).map(({ runUuid }) => runUuid)).toEqual([owned.run.uuid]);
    const again = await claimRun(scene, owned.run);
    expect(await control.journal.waitedMs(again)).toBeLessThan(60_000);
    const second = await control.journal.start(again, work(scene), 1);
    expect(second.run).toMatchObject({ epoch: owned.run.epoch + 2, startedAt: owned.run.startedAt });
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
    const reason = 'why';
    const outcome = kind === 'failed' ? { kind, error, reason } : { kind, reason };
    const aborting = await control.journal.beginAbort(await start('rollback'), outcome);
    await control.journal.finishAbort(aborting, outcome, await asked(control));
    expect((await scene.tenant.store.migration('v2')).state).toBe('Completed');
    expect((await scene.tenant.store.api('customers')).membership?.active).toBe(false);
  });

  it('of a sync takes the migrate behind it with it', async () => {
    const owned = await start('sync');
    const behind = await queueRun(scene, 'migrate', 'behind');
    const aborting = await control.journal.beginAbort(owned, { kind: 'failed', error, reason: 'why' });
    await control.journal.finishAbort(aborting, { kind: 'failed', error, reason: 'why' }, await asked(control));
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
    if (state === 'aborting') await control.journal.beginAbort(owned, { kind: 'requeue', reason: 'its worker died' });
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
    const aborting = await control.journal.beginAbort(owned, { kind: 'requeue', reason: 'its worker died' });
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
  async function fate({ run }: OwnedRun, change: { runUuid?: Uuid; token?: string } = {}): Promise<PreparedFate> {
    const { runUuid, token } = { runUuid: run.uuid, token: run.token, ...change };
    const runs = await control.journal.standings([runUuid]);
    return fateOfPrepared(runs.get(runUuid), token, false);
  }

  // Protocol: I16
  it('is an orphan when its run is unknown, undone, or of another token', async () => {
    const owned = await start('migrate');
    expect(await fate(owned)).toBe('leave');
    expect(await fate(owned, { runUuid: asUuid(randomUUID()) })).toBe('roll back');
    expect(await fate(owned, { token: newToken() })).toBe('roll back');
    const aborting = await control.journal.beginAbort(owned, { kind: 'failed', error, reason: 'why' });
    await control.journal.finishAbort(aborting, { kind: 'failed', error, reason: 'why' }, await asked(control));
    expect(await fate(owned)).toBe('roll back');
    expect(await control.journal.standings([])).toEqual(new Map());
  });

  it('is none once its run was decided, to the end, and after that is committed', async () => {
    const owned = await start('migrate');
    await control.journal.decide(owned, 1);
    expect(await fate(owned)).toBe('leave');
    await control.journal.complete(owned);
    expect(await fate(owned)).toBe('commit');
    await carryOut(scene, 'rollback');
    expect(await fate(owned)).toBe('report');
  });
});

describe('a control database that was rewound', () => {
  // Protocol: I20
  it('ends no abort whose targets were asked on another timeline', async () => {
    const owned = await start('migrate');
    const aborting = await control.journal.beginAbort(owned, { kind: 'requeue', reason: 'its worker died' });
    const check = { timeline: '000000FF', fence: 0 };
    expect(
      await control.journal.finishAbort(aborting, { kind: 'requeue', reason: 'its worker died' }, check),
    ).toBeNull();
    expect(await scene.tenant.store.run(owned.run.uuid)).toMatchObject({ state: 'aborting' });
  });

  // Protocol: I20
  it('goes beyond the newest fence that its targets have seen', async () => {
    const owned = await start('migrate');
    const aborting = await control.journal.beginAbort(owned, { kind: 'requeue', reason: 'its worker died' });
    const check = { ...(await asked(control)), fence: 70 };
    expect(await control.journal.finishAbort(aborting, { kind: 'requeue', reason: 'its worker died' }, check)).toBe(
      'requeued',
    );
    const again = await control.journal.start(await claimRun(scene, owned.run), work(scene), 1);
    expect(again.run.epoch).toBe(71);
  });

  // Protocol: I20
  it('fails no run directly that was queued on another timeline', async () => {
    const queued = await queueRun(scene, 'migrate');
    await queuedElsewhere(queued);
    const claimed = await claimRun(scene, queued);
    await control.journal.fail(claimed, error);
    const run = await scene.tenant.store.run(claimed.run.uuid);
    expect(run).toMatchObject({ state: 'aborting', error });
    expect((await scene.tenant.store.migration('v2')).epoch).toBe(run.epoch);
  });

  // Protocol: I20
  it.each(['queued', 'waiting_for_lock'])(
    'cancels no run directly that was queued on another timeline (%s)',
    async (state) => {
      const run = await queueRun(scene, 'migrate');
      if (state === 'waiting_for_lock') await claimRun(scene, run);
      await queuedElsewhere(run);
      const now = await scene.tenant.store.run(run.uuid);
      expect(await scene.tenant.store.transact((tx) => tx.cancelRun(now, 'ann'))).toBe(true);
      expect(await scene.tenant.store.run(run.uuid)).toMatchObject({ state: 'aborting', cancelledBy: 'ann' });
    },
  );

  // Protocol: I20
  it('keeps the plan that tells where a forgotten attempt has worked, whoever changes a template', async () => {
    const change = { description: 'another one' };
    await queuedElsewhere(await queueRun(scene, 'migrate'));
    await scene.tenant.store.transact((tx) => tx.updateTemplate(scene.template.uuid, change));
    expect(await scene.tenant.store.plan(scene.migration.uuid)).not.toBeNull();
  });

  // Protocol: I20
  it('lets nobody change what a forgotten attempt may have changed', async () => {
    const fields = [{ name: 'added', type: 'String', required: false }] as const;
    const update = () => scene.tenant.store.transact((tx) => tx.updateApi(scene.api.uuid, { fields }));
    const run = await queueRun(scene, 'migrate');
    await queuedElsewhere(run);
    await expect(update()).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS', context: { run_uuid: run.uuid } });
    await withClient(url, (client) => client.query('UPDATE runs SET timeline = eden_timeline()'));
    await update();
  });

  function queuedElsewhere({ uuid }: Run): Promise<unknown> {
    return withClient(url, (client) => client.query(`UPDATE runs SET timeline = '000000FF' WHERE uuid = $1`, [uuid]));
  }
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
