import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withClient } from '@eden/testkit';
import type { Evidence, NewMembership, OwnedRun, StoredError } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl, openControl } from '../testing/control.js';
import {
  asked,
  carryOut,
  changed,
  claimRun,
  queueRun,
  runApi,
  runBinding,
  startRun,
  sync,
  work,
} from '../testing/runs.js';
import { addMigration, addTemplate, attach, createScene, type Scene } from '../testing/tenants.js';

let url: string;
let control: ControlDatabase;
let scene: Scene;

async function query(text: string): Promise<readonly unknown[]> {
  return withClient(url, async (client) => (await client.query(text)).rows);
}

beforeAll(async () => {
  ({ url, control } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
});

/** Makes lazy commits the default, and notes what holds whenever a run becomes `committing`. */
const OBSERVE_COMMITS = `
  DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$;
  CREATE TABLE observed (setting text);
  CREATE FUNCTION observe() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO observed SELECT current_setting('synchronous_commit'); RETURN NEW; END $$;
  CREATE TRIGGER observe AFTER UPDATE ON runs FOR EACH ROW WHEN (NEW.state = 'committing') EXECUTE FUNCTION observe();`;

/** The same for every state that a run enters. */
const OBSERVE_STEPS = `
  DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$;
  CREATE TABLE observed_steps (state text, setting text);
  CREATE FUNCTION observe_step() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO observed_steps SELECT NEW.state, current_setting('synchronous_commit'); RETURN NEW; END $$;
  CREATE TRIGGER observe_step AFTER UPDATE OF state ON runs FOR EACH ROW EXECUTE FUNCTION observe_step();`;

async function attachWith(next: NewMembership['next']): Promise<void> {
  const { tenant, api, migration, template } = scene;
  const bindings = [{ templateUuid: template.uuid, fields: {} }];
  await tenant.store.transact((tx) =>
    tx.attachApi({ apiUuid: api.uuid, migrationUuid: migration.uuid, stage: 0, bindings, next }),
  );
  await sync(scene);
}

async function startMigrate(): Promise<OwnedRun> {
  return startRun(scene, await queueRun(scene, 'migrate'));
}

function events(owned: OwnedRun): Promise<string[]> {
  return scene.tenant.store.runEvents(owned.run.uuid, 0).then((all) => all.map(({ type }) => type));
}

describe('T1', () => {
  beforeEach(() => attachWith(null));

  it('is refused while nobody has approved the plan, and a sync tells that it waits', async () => {
    const { tenant, migration } = scene;
    await tenant.store.transact((tx) => tx.updateMigration(migration.uuid, { options: { approval: true } }));
    await sync(scene);
    const told = async () => {
      const latest = await tenant.store.latestRun(migration.uuid, 'sync');
      const all = latest === null ? [] : await tenant.store.runEvents(latest.uuid, 0);
      return all.map(({ type }) => type).slice(-2);
    };
    expect(await told()).toEqual(['approval_wanted', 'finished']);
    const owned = await claimRun(scene, await queueRun(scene, 'migrate'));
    const start = () => control.journal.start(owned, work(scene), 5);
    await expect(start()).rejects.toMatchObject({ code: 'MIGRATION_AWAITS_APPROVAL' });
    const { planHash } = await tenant.store.migration('v2');
    await tenant.store.transact((tx) => tx.approvePlan(migration.uuid, String(planHash), 'bob'));
    expect(await start()).toMatchObject({ run: { state: 'running' } });
  });

  // Protocol: I5
  it('raises the epoch in run and migration, and writes APIs and participants', async () => {
    const owned = await startMigrate();
    expect(owned.run).toMatchObject({ state: 'running', epoch: 2, lockWaitMs: 5 });
    expect(await scene.tenant.store.runApis(owned.run.uuid)).toEqual([runApi(scene.api.uuid)]);
    expect(await scene.tenant.store.migration('v2')).toMatchObject({ state: 'In Progress', epoch: 2 });
    expect(await control.journal.participants(owned.run.uuid)).toEqual(work(scene).participants(2));
    expect(await control.journal.participantEndpoints()).toContainEqual({
      organizationUuid: scene.tenant.uuid,
      endpointUuid: scene.endpoint.uuid,
    });
  });

  it('is swept where it has worked by one worker at a time, again and again', async () => {
    await startMigrate();
    const take = (everyMs: number) => control.journal.takeDueSweeps(everyMs, 100);
    const taken = (await Promise.all([take(60_000), take(60_000), take(60_000)])).flat();
    expect(taken.filter(({ endpointUuid }) => endpointUuid === scene.endpoint.uuid)).toHaveLength(1);
    expect(await take(0)).toEqual([]);
    await query('UPDATE target_databases SET next_sweep_at = now()');
    expect(await control.journal.takeDueSweeps(60_000, 1)).toHaveLength(1);
  });

  it('shows progress as it is reported', async () => {
    const owned = await startMigrate();
    const done = runApi(scene.api.uuid, 'succeeded');
    await control.journal.recordApis(owned, [changed(runApi(scene.api.uuid, 'running'))]);
    await control.journal.recordApis(owned, [changed(done)]);
    expect(await scene.tenant.store.runApis(owned.run.uuid)).toEqual([done]);
    const [last] = (await scene.tenant.store.runEvents(owned.run.uuid, 0)).slice(-1);
    expect(last).toMatchObject({ sequence: 4, type: 'api_finished', data: { api: scene.api.uuid } });
  });

  it('writes of an API those bindings that have changed, and no others', async () => {
    const owned = await startMigrate();
    const { uuid } = scene.api;
    const [first, second] = [runBinding(scene.template.uuid), runBinding(scene.template.uuid)];
    const whole = { ...runApi(uuid, 'running'), bindings: [first, second] };
    await control.journal.recordApis(owned, [changed(whole)]);
    const later = { ...second, state: 'succeeded', rows: 7 } as const;
    const change = { ...changed(runApi(uuid, 'succeeded')), changed: [{ index: 1, binding: later }], rows: 7 };
    const rows = () => query('SELECT position, xmin::text AS version FROM run_bindings ORDER BY position');
    const before = await rows();
    await control.journal.recordApis(owned, [change]);
    const after = await rows();
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).not.toEqual(before[1]);
    expect(await scene.tenant.store.runApis(owned.run.uuid)).toMatchObject([
      { state: 'succeeded', bindings: [first, later] },
    ]);
    const [last] = (await scene.tenant.store.runEvents(owned.run.uuid, 0)).slice(-1);
    expect(last).toMatchObject({ type: 'api_finished', data: { rows: 7 } });
  });

  it('shows what an earlier version has recorded in one piece', async () => {
    const owned = await startMigrate();
    const binding = runBinding(scene.template.uuid);
    await query(`UPDATE run_apis SET bindings = '${JSON.stringify([binding])}'`);
    expect(await scene.tenant.store.runApis(owned.run.uuid)).toMatchObject([{ bindings: [binding] }]);
  });

  it('refuses a plan that was voided after the run was accepted', async () => {
    const { tenant, template } = scene;
    const claimed = await claimRun(scene, await queueRun(scene, 'migrate'));
    await tenant.store.transact((tx) => tx.updateTemplate(template.uuid, { description: 'new' }));
    await expect(control.journal.start(claimed, work(scene), 1)).rejects.toMatchObject({ code: 'PLAN_OUT_OF_DATE' });
    expect(await tenant.store.migration('v2')).toMatchObject({ state: 'Pending', epoch: 1 });
    expect((await tenant.store.run(claimed.run.uuid)).state).toBe('waiting_for_lock');
  });

  it('refuses an API that is not in the migration', async () => {
    const claimed = await claimRun(scene, await queueRun(scene, 'migrate'));
    const stranger = { ...work(scene), apis: [runApi(scene.template.uuid)] };
    await expect(control.journal.start(claimed, stranger, 1)).rejects.toMatchObject({ code: 'API_HAS_MIGRATION' });
  });

  it('refuses a state from which the run cannot start', async () => {
    await carryOut(scene, 'migrate');
    const again = await claimRun(scene, await queueRun(scene, 'migrate'));
    await expect(control.journal.start(again, work(scene), 1)).rejects.toMatchObject({
      code: 'MIGRATION_STATE',
      context: { state: 'Completed' },
    });
  });
});

describe('the commit', () => {
  // Protocol: I10
  it('gives the API its next definition at T2 and its freedom at T3', async () => {
    const { tenant, endpoint, api } = scene;
    const other = await addTemplate(tenant, 'other', endpoint);
    const next = {
      fields: [{ name: 'id', type: 'Number' as const, required: true }],
      bindings: [{ templateUuid: other.uuid, fields: { id: 'id' } }],
    };
    await attachWith(next);
    const owned = await startMigrate();
    expect((await tenant.store.api(api.uuid)).bindings).toEqual(api.bindings);
    await control.journal.decide(owned, 12.6);
    expect(await tenant.store.api(api.uuid)).toMatchObject({ ...next, schemaVersion: 2, membership: { active: true } });
    expect((await tenant.store.migration('v2')).state).toBe('In Progress');
    await control.journal.complete(owned);
    expect((await tenant.store.api(api.uuid)).membership).toMatchObject({ active: false, synced: true });
    expect((await tenant.store.migration('v2')).state).toBe('Completed');
    expect(await tenant.store.run(owned.run.uuid)).toMatchObject({ state: 'succeeded', parallelExecutionMs: 13 });
    expect(await events(owned)).toEqual(['queued', 'waiting_for_lock', 'started', 'commit_decided', 'finished']);
  });

  it.each([
    ['without a next definition', null],
    ['with next fields only', { fields: [] }],
    ['with no next bindings', { bindings: [] }],
  ])('raises the schema version also %s', async (_case, next) => {
    const { tenant, api } = scene;
    await attachWith(next);
    await carryOut(scene, 'migrate');
    const { fields, bindings, schemaVersion } = await tenant.store.api(api.uuid);
    expect({ fields, bindings, schemaVersion }).toEqual({
      fields: api.fields,
      bindings: api.bindings,
      ...next,
      schemaVersion: 2,
    });
  });

  it('is on the disk before it is answered, also where the database commits lazily', async () => {
    await attachWith(null);
    const owned = await startMigrate();
    await withClient(url, (client) => client.query(OBSERVE_COMMITS));
    const lazy = openControl(url);
    await lazy.journal.decide(owned, 1).finally(() => lazy.close());
    const { rows } = await withClient(url, (client) => client.query('SELECT DISTINCT setting FROM observed'));
    expect(rows).toEqual([{ setting: 'on' }]);
  });

  it('and every other step of a run is, too', async () => {
    await attachWith(null);
    await withClient(url, (client) => client.query(OBSERVE_STEPS));
    const lazy = openControl(url);
    try {
      const lazyScene = { ...scene, control: lazy };
      const undone = await startRun(lazyScene, await queueRun(lazyScene, 'migrate'));
      const aborting = await lazy.journal.beginAbort(undone, { kind: 'requeue', reason: 'its worker died' });
      await lazy.journal.finishAbort(aborting, { kind: 'requeue', reason: 'its worker died' }, await asked(control));
      const again = await startRun(lazyScene, await scene.tenant.store.run(undone.run.uuid));
      await lazy.journal.enterDeciding(again, 1);
      await lazy.journal.decide({ ...again, run: { ...again.run, state: 'deciding' } }, 1);
      await lazy.journal.complete(again);
    } finally {
      await lazy.close();
    }
    const { rows } = await withClient(url, (client) =>
      client.query('SELECT state, array_agg(DISTINCT setting) AS settings FROM observed_steps GROUP BY state'),
    );
    const steps = ['running', 'aborting', 'queued', 'waiting_for_lock', 'deciding', 'committing', 'succeeded'];
    expect(new Map(rows.map(({ state, settings }) => [state, settings]))).toEqual(
      new Map(steps.map((state) => [state, ['on']])),
    );
  });

  it('that is in doubt keeps slot and APIs, and is counted', async () => {
    const { tenant } = scene;
    await attachWith(null);
    const owned = await startMigrate();
    await control.journal.decide(owned, 1);
    const evidence: Evidence = { decided: true, databases: [] };
    const error: StoredError = { code: 'RUN_IN_DOUBT', error: 'Migration run is in doubt', context: { ...evidence } };
    const before = await control.journal.inDoubt();
    await control.journal.markInDoubt(owned, evidence);
    expect(await tenant.store.run(owned.run.uuid)).toMatchObject({ state: 'in_doubt', error, finishedAt: null });
    expect((await control.journal.inDoubt()).runs).toBe(before.runs + 1);
    await expect(queueRun(scene, 'migrate')).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    expect((await events(owned)).at(-1)).toBe('in_doubt');
  });
});

describe('a rollback', () => {
  it('gives back the definition that the commit replaced', async () => {
    const { tenant, endpoint, api } = scene;
    const other = await addTemplate(tenant, 'other', endpoint);
    await attachWith({
      fields: [{ name: 'id', type: 'Number', required: true }],
      bindings: [{ templateUuid: other.uuid, fields: {} }],
    });
    await carryOut(scene, 'migrate');
    await carryOut(scene, 'rollback');
    const { fields, bindings, schemaVersion } = await tenant.store.api(api.uuid);
    expect({ fields, bindings, schemaVersion }).toEqual({
      fields: api.fields,
      bindings: api.bindings,
      schemaVersion: 3,
    });
    expect((await tenant.store.migration('v2')).state).toBe('Rolled Back');
    expect((await tenant.store.api(api.uuid)).membership?.active).toBe(false);
  });

  it('can be followed by the migrate again', async () => {
    const { tenant, api } = scene;
    await attachWith({ bindings: [] });
    for (const schemaVersion of [2, 4]) {
      await carryOut(scene, 'migrate');
      expect(await tenant.store.api(api.uuid)).toMatchObject({ bindings: [], schemaVersion });
      await carryOut(scene, 'rollback');
      expect((await tenant.store.api(api.uuid)).bindings).toEqual(api.bindings);
      await sync(scene);
    }
  });

  it('is refused when it would overwrite a later definition', async () => {
    const { tenant, api } = scene;
    await attachWith({ bindings: [] });
    await carryOut(scene, 'migrate');
    await tenant.store.transact((tx) => tx.updateApi(api.uuid, { bindings: api.bindings }));
    const claimed = await claimRun(scene, await queueRun(scene, 'rollback'));
    await expect(control.journal.start(claimed, work(scene), 1)).rejects.toMatchObject({
      code: 'MIGRATION_STATE',
      context: { state: 'Completed', suggestion: expect.stringContaining('customers') },
    });
  });

  it('is refused while another migration has one of the APIs', async () => {
    await attachWith(null);
    await carryOut(scene, 'migrate');
    await attach({ ...scene, migration: await addMigration(scene.tenant, 'v3') });
    const claimed = await claimRun(scene, await queueRun(scene, 'rollback'));
    await expect(control.journal.start(claimed, work(scene), 1)).rejects.toMatchObject({ code: 'API_HAS_MIGRATION' });
  });

  it('of what is not completed is refused', async () => {
    await attachWith(null);
    const claimed = await claimRun(scene, await queueRun(scene, 'rollback'));
    await expect(control.journal.start(claimed, work(scene), 1)).rejects.toMatchObject({ code: 'MIGRATION_STATE' });
  });
});
