import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OrganizationTransactor, Source } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import { addApi, addEndpoint, addTemplate, attach, createScene, type Scene } from '../testing/tenants.js';
import { newUuid } from '../uuid.js';

let control: ControlDatabase;
let scene: Scene;
let folder: Source;

beforeAll(async () => {
  ({ control } = await newControl());
});

const FOLDER = { tool: 'dbmate', stage: 0, options: {}, digest: 'a', files: [] } as const;

beforeEach(async () => {
  scene = await createScene(control);
  await attach(scene);
  const { tenant, migration, endpoint } = scene;
  const ids = { id: 'folder', apiId: 'v2.folder', migrationUuid: migration.uuid, endpointUuid: endpoint.uuid };
  folder = await tenant.store.transact((tx) => tx.insertSource({ ...FOLDER, ...ids }));
});

function version({ tenant, migration }: Scene): Promise<string> {
  return tenant.store.workVersion(migration.uuid);
}

type Write = (tx: OrganizationTransactor) => Promise<unknown>;

const replaceFolder = (changes: Partial<Record<keyof typeof FOLDER, unknown>>): Write => {
  return (tx) => {
    const { uuid: migrationUuid } = scene.migration;
    const place = { migrationUuid, endpointUuid: scene.endpoint.uuid };
    return tx.replaceSource(folder, { ...FOLDER, ...place, ...changes } as Parameters<typeof tx.replaceSource>[1]);
  };
};

describe('the version of the work of a migration', () => {
  it.each<[string, Write]>([
    ['its parameters', (tx) => tx.updateMigration(scene.migration.uuid, { parameters: { size: 2 } })],
    ['its options', (tx) => tx.updateMigration(scene.migration.uuid, { options: { approval: true } })],
    ['the definition of an API', (tx) => tx.updateApi(scene.api.uuid, { bindings: [] })],
    ['a template', (tx) => tx.updateTemplate(scene.template.uuid, { body: { query: 'SELECT 2' } })],
    ['an endpoint', (tx) => tx.updateEndpoint(scene.endpoint.uuid, { config: { url: 'postgresql://elsewhere' } })],
    ['an API that leaves it', (tx) => tx.detachApi(scene.migration.uuid, scene.api.uuid)],
    ['the files of a folder', replaceFolder({ digest: 'b' })],
    ['the options of a folder', replaceFolder({ options: { concurrently: 'inline' } })],
    ['the tool of a folder', replaceFolder({ tool: 'flyway' })],
    ['the stage of a folder', replaceFolder({ stage: 1 })],
    ['a folder that is gone', (tx) => tx.deleteSource(folder)],
  ])('is another one after a change of %s', async (_, write) => {
    const before = await version(scene);
    expect(await version(scene)).toBe(before);
    await scene.tenant.store.transact(write);
    expect(await version(scene)).not.toBe(before);
  });

  it('is another one with another member, what that binds, and what that becomes', async () => {
    const { tenant, migration } = scene;
    const template = await addTemplate(tenant, 'other', await addEndpoint(tenant, 'other'));
    const { uuid: apiUuid } = await addApi(tenant, 'orders', template);
    const found = [await version(scene)];
    for (const [fields, next] of [
      [{}, null],
      [{ a: 'b' }, null],
      [{}, { fields: [] }],
      [{}, { bindings: [] }],
      [{}, { bindings: [{ templateUuid: template.uuid, fields: {} }] }],
    ] as const) {
      const bindings = [{ templateUuid: template.uuid, fields }];
      await tenant.store.transact((tx) =>
        tx.attachApi({ apiUuid, migrationUuid: migration.uuid, stage: 0, bindings, next }),
      );
      found.push(await version(scene));
      await tenant.store.transact((tx) => tx.detachApi(migration.uuid, apiUuid));
    }
    expect(new Set(found).size).toBe(found.length);
  });

  it("tells nothing of another organization's", async () => {
    const { tenant } = await createScene(control);
    const unknown = await tenant.store.workVersion(newUuid());
    expect(await tenant.store.workVersion(scene.migration.uuid)).toBe(unknown);
    expect(await version(scene)).not.toBe(unknown);
  });
});
