import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import { queueRun, sync } from '../testing/runs.js';
import { createScene, type Scene } from '../testing/tenants.js';

let control: ControlDatabase;
let scene: Scene;

beforeAll(async () => {
  ({ control } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
});

describe('a run', () => {
  it('is accepted with its first event and its message', async () => {
    const run = await queueRun(scene, 'sync');
    expect(run).toMatchObject({ state: 'queued', epoch: 0, attempt: 1, actor: 'root', migrationId: 'v2' });
    expect(await scene.tenant.store.run(run.uuid)).toEqual(run);
    const events = await scene.tenant.store.runEvents(run.uuid, 0);
    expect(events).toMatchObject([{ sequence: 1, type: 'queued' }]);
    expect(await scene.tenant.store.runEvents(run.uuid, 1)).toEqual([]);
    const messages = await control.outbox.claim(100, 1_000);
    expect(messages.filter(({ runUuid }) => runUuid === run.uuid)).toHaveLength(1);
  });

  // Protocol: I18
  it('is the only one of its migration, however many ask at the same time', async () => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => queueRun(scene, 'sync')));
    const accepted = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(accepted).toHaveLength(1);
    expect(refused).toHaveLength(4);
    for (const reason of refused) {
      expect(reason).toMatchObject({ code: 'RUN_IN_PROGRESS', context: { run_uuid: accepted[0]?.uuid } });
    }
  });

  // Protocol: I17
  it('leaves no trace when the transaction that accepted it fails', async () => {
    const { tenant, migration } = scene;
    const failing = tenant.store.transact(async (tx) => {
      await tx.insertRun({ migrationUuid: migration.uuid, kind: 'sync', slot: 'active', actor: 'root', overrides: {} });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await tenant.store.latestRun(migration.uuid)).toBeNull();
  });

  // Protocol: I18
  it('waits behind a sync, one at a time, and without a message', async () => {
    const { tenant, migration } = scene;
    const active = await queueRun(scene, 'sync');
    const behind = await queueRun(scene, 'migrate', 'behind');
    await expect(queueRun(scene, 'migrate', 'behind')).rejects.toMatchObject({
      code: 'RUN_IN_PROGRESS',
      context: { run_uuid: behind.uuid },
    });
    const unfinished = await tenant.store.transact((tx) => tx.unfinishedRuns(migration.uuid));
    expect(unfinished.map(({ uuid }) => uuid)).toEqual([active.uuid, behind.uuid]);
    const messages = await control.outbox.claim(100, 1_000);
    expect(messages.map(({ runUuid }) => runUuid)).not.toContain(behind.uuid);
    expect(await control.journal.claim(behind.uuid, 'w', 1_000)).toBeNull();
  });

  it('can wait behind nothing but a sync', async () => {
    await expect(queueRun(scene, 'migrate', 'behind')).rejects.toThrow('a run can only wait behind a sync');
  });

  it('is found as the latest of its kind', async () => {
    const { tenant, migration } = scene;
    await sync(scene);
    const migrate = await queueRun(scene, 'migrate');
    expect((await tenant.store.latestRun(migration.uuid))?.uuid).toBe(migrate.uuid);
    expect((await tenant.store.latestRun(migration.uuid, 'sync'))?.state).toBe('succeeded');
    const latest = await tenant.store.latestRuns([migration.uuid, tenant.uuid]);
    expect([...latest].map(([uuid, run]) => [uuid, run.uuid])).toEqual([[migration.uuid, migrate.uuid]]);
    expect(await tenant.store.latestRun(migration.uuid, 'rollback')).toBeNull();
    const { items } = await tenant.store.runs(migration.uuid, { limit: 10, cursor: null });
    expect(items.map(({ kind }) => kind)).toEqual(['migrate', 'sync']);
  });
});
