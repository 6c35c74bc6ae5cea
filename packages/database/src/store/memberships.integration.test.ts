import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import { carryOut, queueRun, sync } from '../testing/runs.js';
import { addApi, addMigration, addTemplate, attach, createScene, type Scene } from '../testing/tenants.js';

let control: ControlDatabase;
let scene: Scene;

beforeAll(async () => {
  ({ control } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
});

function detach({ tenant, api, migration }: Scene): Promise<void> {
  return tenant.store.transact((tx) => tx.detachApi(migration.uuid, api.uuid));
}

const HAS_MIGRATION = {
  code: 'API_HAS_MIGRATION',
  message: 'Api Schema already has an active migration',
  context: { details: 'Each API can only participate in one migration at a time' },
};

describe('an API that is added to a migration', () => {
  it('keeps what was given, and is shown by both', async () => {
    const { tenant, api, migration, template, endpoint } = scene;
    const other = await addTemplate(tenant, 'other', endpoint);
    const bindings = [
      { templateUuid: template.uuid, fields: { size: 'migration.size' } },
      { templateUuid: other.uuid, fields: {} },
    ];
    const next = { bindings: [{ templateUuid: other.uuid, fields: { id: 'id' } }] };
    await tenant.store.transact((tx) =>
      tx.attachApi({ apiUuid: api.uuid, migrationUuid: migration.uuid, stage: 2, bindings, next }),
    );
    const membership = {
      migrationUuid: migration.uuid,
      active: true,
      synced: false,
      stage: 2,
      position: 0,
      bindings,
      next,
      previous: null,
    };
    expect((await tenant.store.api('customers')).membership).toEqual(membership);
    const [member] = await tenant.store.members(migration.uuid);
    expect(member).toEqual({ api: await tenant.store.api('customers'), membership });
    expect((await tenant.store.migration('v2')).apiUuids).toEqual([api.uuid]);
  });

  it('tells a next definition without bindings from one that has none', async () => {
    const { tenant, migration, template } = scene;
    const nexts = [null, { fields: [] }, { bindings: [] }, { fields: [], bindings: [] }];
    for (const [index, next] of nexts.entries()) {
      const { uuid } = await addApi(tenant, `api${index}`, template);
      await tenant.store.transact((tx) =>
        tx.attachApi({ apiUuid: uuid, migrationUuid: migration.uuid, stage: 0, bindings: [], next }),
      );
    }
    const members = await tenant.store.members(migration.uuid);
    expect(members.map(({ membership }) => membership.next)).toEqual(nexts);
  });

  it('comes by stage, then in the order in which they were added', async () => {
    const { tenant, migration, template } = scene;
    const stages = { a: 1, b: 0, c: 1, d: 0 };
    for (const [id, stage] of Object.entries(stages)) {
      const { uuid } = await addApi(tenant, id, template);
      await tenant.store.transact((tx) =>
        tx.attachApi({ apiUuid: uuid, migrationUuid: migration.uuid, stage, bindings: [], next: null }),
      );
    }
    const members = await tenant.store.members(migration.uuid);
    expect(members.map(({ api }) => api.id)).toEqual(['b', 'd', 'a', 'c']);
  });

  it('voids the plan, and so does its removal', async () => {
    const { tenant, template } = scene;
    await attach(scene);
    await sync(scene);
    expect((await tenant.store.migration('v2')).planHash).not.toBeNull();
    const second = { ...scene, api: await addApi(tenant, 'second', template) };
    await attach(second);
    expect((await tenant.store.migration('v2')).planHash).toBeNull();
    await sync(scene);
    await detach(second);
    expect(await tenant.store.migration('v2')).toMatchObject({ planHash: null, apiUuids: [scene.api.uuid] });
    await expect(detach(second)).rejects.toMatchObject({ code: 'API_NOT_IN_MIGRATION' });
  });

  it('is refused by a second migration, in the words of the guide', async () => {
    await attach(scene);
    const second = { ...scene, migration: await addMigration(scene.tenant, 'v3') };
    await expect(attach(second)).rejects.toMatchObject(HAS_MIGRATION);
    await expect(attach(scene)).rejects.toMatchObject(HAS_MIGRATION);
  });

  it('ends up in exactly one of the migrations that want it at the same time', async () => {
    const others = await Promise.all(['a', 'b', 'c', 'd'].map((id) => addMigration(scene.tenant, id)));
    const results = await Promise.allSettled(others.map((migration) => attach({ ...scene, migration })));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(3);
    for (const { reason } of refused) expect(reason).toMatchObject(HAS_MIGRATION);
    const members = await Promise.all(others.map(({ uuid }) => scene.tenant.store.members(uuid)));
    expect(members.flat()).toHaveLength(1);
  });

  it('is free again when its migration is deleted, and keeps its configuration', async () => {
    const { tenant, api, migration } = scene;
    await attach(scene);
    await tenant.store.transact((tx) => tx.deleteMigration(migration.uuid));
    const kept = (await tenant.store.api('customers')).membership;
    expect(kept).toMatchObject({ migrationUuid: migration.uuid, active: false, bindings: [{}] });
    const v3 = await addMigration(tenant, 'v3');
    await attach({ ...scene, migration: v3 });
    expect((await tenant.store.api(api.uuid)).membership).toMatchObject({ migrationUuid: v3.uuid, active: true });
  });

  it('is free again when its migration is completed, which takes no further ones', async () => {
    const { tenant, template } = scene;
    await attach(scene);
    await sync(scene);
    await carryOut(scene, 'migrate');
    const further = { ...scene, api: await addApi(tenant, 'second', template) };
    await expect(attach(further)).rejects.toMatchObject({ code: 'MIGRATION_STATE', context: { state: 'Completed' } });
    await attach({ ...scene, migration: await addMigration(tenant, 'v3') });
  });
});

describe('while a run of the migration is unfinished', () => {
  it('neither the migration nor its APIs change', async () => {
    const { tenant, migration, template } = scene;
    await attach(scene);
    const run = await queueRun(scene, 'sync');
    const further = { ...scene, api: await addApi(tenant, 'second', template) };
    for (const change of [
      () => attach(further),
      () => detach(scene),
      () => tenant.store.transact((tx) => tx.updateMigration(migration.uuid, { parameters: {} })),
      () => tenant.store.transact((tx) => tx.deleteMigration(migration.uuid)),
    ]) {
      await expect(change()).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS', context: { run_uuid: run.uuid } });
    }
  });
});

describe('a migration', () => {
  it('is changed as asked, and its plan is void', async () => {
    const { tenant, migration } = scene;
    await sync(scene);
    const before = await tenant.store.migration('v2');
    const changed = await tenant.store.transact((tx) =>
      tx.updateMigration(migration.uuid, { options: { atomicity: 'strict' } }),
    );
    expect(changed).toMatchObject({
      options: { atomicity: 'strict' },
      parameters: { size: 1 },
      planHash: null,
      revision: before.revision + 1,
    });
  });

  it('keeps its plan under other labels and notes, but not beside another change', async () => {
    const { tenant, migration } = scene;
    await sync(scene);
    const { planHash, revision } = await tenant.store.migration('v2');
    const remark = { labels: { commit: 'c0ffee' }, notes: 'see T-1' };
    const remarked = await tenant.store.transact((tx) => tx.updateMigration(migration.uuid, remark));
    expect(remarked).toMatchObject({ ...remark, planHash, revision });
    expect(await tenant.store.plan(migration.uuid)).not.toBeNull();
    const changes = { labels: {}, parameters: { size: 2 } };
    const changed = await tenant.store.transact((tx) => tx.updateMigration(migration.uuid, changes));
    expect(changed).toMatchObject({ labels: {}, notes: 'see T-1', planHash: null, revision: revision + 1 });
  });

  it('that is completed keeps its plan when it changes: a rollback goes by it', async () => {
    const { tenant, migration } = scene;
    await attach(scene);
    await sync(scene);
    await carryOut(scene, 'migrate');
    await tenant.store.transact((tx) => tx.updateMigration(migration.uuid, { description: 'done' }));
    expect(await tenant.store.plan(migration.uuid)).not.toBeNull();
  });
});
