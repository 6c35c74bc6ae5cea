import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { StoredError } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import { carryOut, claimRun, currentPlan, queueRun, startRun, sync, work } from '../testing/runs.js';
import { addMigration, attach, createScene, type Scene } from '../testing/tenants.js';

let control: ControlDatabase;
let scene: Scene;

beforeAll(async () => {
  ({ control } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
  await attach(scene);
});

const failure: StoredError = { code: 'TEMPLATE_NOT_FOUND', error: 'Template not found', context: { template_id: 't' } };

async function messagesFor(runUuid: string): Promise<number> {
  const messages = await control.outbox.claim(100, 60_000);
  return messages.filter((message) => message.runUuid === runUuid).length;
}

describe('a sync that succeeds', () => {
  it('stores the plan and marks the members', async () => {
    const { tenant, migration } = scene;
    const owned = await startRun(scene, await queueRun(scene, 'sync'));
    const plan = await currentPlan(scene);
    await control.journal.finishSync(owned, plan);
    expect(await tenant.store.plan(migration.uuid)).toEqual(plan);
    expect(await tenant.store.migration('v2')).toMatchObject({ state: 'Pending', planHash: plan.hash, epoch: 1 });
    expect((await tenant.store.members(migration.uuid))[0]?.membership).toMatchObject({ synced: true, active: true });
    const run = await tenant.store.run(owned.run.uuid);
    expect(run).toMatchObject({ state: 'succeeded', epoch: 1, lockWaitMs: 5, error: null });
    expect(run.finishedAt).not.toBeNull();
    const events = await tenant.store.runEvents(run.uuid, 0);
    expect(events.map(({ type }) => type)).toEqual(['queued', 'waiting_for_lock', 'started', 'finished']);
  });

  it('lets the migrate behind it start, with a message', async () => {
    const owned = await startRun(scene, await queueRun(scene, 'sync'));
    const behind = await queueRun(scene, 'migrate', 'behind');
    expect(await messagesFor(behind.uuid)).toBe(0);
    await control.journal.finishSync(owned, await currentPlan(scene));
    expect(await messagesFor(behind.uuid)).toBe(1);
    expect(await control.journal.claim(behind.uuid, 'w', 1_000)).toMatchObject({ run: { kind: 'migrate' } });
  });

  it('takes back the APIs of a migration that was rolled back, which is pending again', async () => {
    const { tenant, migration } = scene;
    await sync(scene);
    await carryOut(scene, 'migrate');
    await carryOut(scene, 'rollback');
    expect((await tenant.store.migration('v2')).state).toBe('Rolled Back');
    await sync(scene);
    expect((await tenant.store.migration('v2')).state).toBe('Pending');
    expect((await tenant.store.members(migration.uuid))[0]?.membership.active).toBe(true);
  });

  it('fails over an API that went to another migration after the rollback', async () => {
    const { tenant } = scene;
    await sync(scene);
    await carryOut(scene, 'migrate');
    await carryOut(scene, 'rollback');
    await attach({ ...scene, migration: await addMigration(tenant, 'v3') });
    await expect(sync(scene)).rejects.toMatchObject({ code: 'API_HAS_MIGRATION' });
    expect(await tenant.store.migration('v2')).toMatchObject({ state: 'Rolled Back' });
  });
});

// Protocol: I36
describe('a sync that rehearses', () => {
  it('has participants for whoever adopts it, and none any more when all is taken back', async () => {
    const { journal } = control;
    const owned = await startRun(scene, await queueRun(scene, 'sync'));
    const start = work(scene);
    const rehearsing = await journal.beginRehearsal(owned, start);
    expect(rehearsing.run).toMatchObject({ state: 'running', epoch: owned.run.epoch, token: start.token });
    expect(await journal.participants(owned.run.uuid)).toMatchObject([{ number: 0 }]);
    expect((await journal.participantEndpoints()).map(({ endpointUuid }) => endpointUuid)).toContain(
      scene.endpoint.uuid,
    );
    // Whoever does not know of it is not its owner any more.
    await expect(journal.finishSync(owned, await currentPlan(scene))).rejects.toMatchObject({ code: 'FENCED' });
    await expect(journal.decide(rehearsing, 1)).rejects.toMatchObject({ code: 'FENCED' });
    const ended = await journal.endRehearsal(rehearsing);
    expect(ended.run.token).toBe('');
    expect(await journal.participants(owned.run.uuid)).toEqual([]);
    await journal.finishSync(ended, await currentPlan(scene));
  });
});

describe('a sync of what has changed meanwhile', () => {
  it('stores nothing', async () => {
    const { tenant, template, migration } = scene;
    const owned = await startRun(scene, await queueRun(scene, 'sync'));
    const plan = await currentPlan(scene);
    await tenant.store.transact((tx) => tx.updateTemplate(template.uuid, { description: 'other' }));
    await expect(control.journal.finishSync(owned, plan)).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
    expect(await tenant.store.plan(migration.uuid)).toBeNull();
    expect((await tenant.store.run(owned.run.uuid)).state).toBe('running');
  });
});

describe('a sync that fails', () => {
  it('leaves the migration and takes the migrate behind it with it', async () => {
    const { tenant } = scene;
    const owned = await startRun(scene, await queueRun(scene, 'sync'));
    const behind = await queueRun(scene, 'migrate', 'behind');
    await control.journal.fail(owned, failure);
    expect(await tenant.store.run(owned.run.uuid)).toMatchObject({ state: 'failed', error: failure });
    expect(await tenant.store.run(behind.uuid)).toMatchObject({
      state: 'failed',
      error: {
        code: 'MIGRATION_NOT_SYNCED',
        error: 'Migration is not synced',
        context: { errors: [{ error: 'Template not found', code: 'TEMPLATE_NOT_FOUND', template_id: 't' }] },
      },
    });
    expect(await tenant.store.runEvents(behind.uuid, 1)).toMatchObject([
      { type: 'finished', data: { state: 'failed' } },
    ]);
    expect((await tenant.store.migration('v2')).state).toBe('Pending');
    await sync(scene);
  });

  it('never leaves a migrate waiting behind nothing, however they meet', async () => {
    const { tenant, migration } = scene;
    const owned = await claimRun(scene, await queueRun(scene, 'sync'));
    const [, queued] = await Promise.allSettled([
      control.journal.fail(owned, failure),
      queueRun(scene, 'migrate', 'behind'),
    ]);
    const left = await tenant.store.transact((tx) => tx.unfinishedRuns(migration.uuid));
    expect(left).toEqual([]);
    if (queued.status === 'fulfilled') expect((await tenant.store.run(queued.value.uuid)).state).toBe('failed');
  });
});
