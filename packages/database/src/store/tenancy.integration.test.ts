import { beforeAll, describe, expect, it } from '@jest/globals';
import { withClient } from '@eden/testkit';
import type { OrganizationReader, PageRequest } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newUuid } from '../uuid.js';
import { newControl } from '../testing/control.js';
import { queueRun, sync } from '../testing/runs.js';
import { addApi, addEndpoint, addTemplate, attach, createScene, createTenant, type Scene } from '../testing/tenants.js';

let url: string;
let control: ControlDatabase;
let mine: Scene;
/** What belongs to others. */
let theirs: Scene;
let theirRun: Awaited<ReturnType<typeof queueRun>>;

beforeAll(async () => {
  ({ url, control } = await newControl());
  mine = await createScene(control);
  theirs = await createScene(control);
  await attach(theirs);
  await sync(theirs);
  theirRun = await queueRun(theirs, 'migrate');
});

const page: PageRequest = { limit: 200, cursor: null };

describe('an organization', () => {
  it.each<[string, (reader: OrganizationReader) => Promise<unknown>, string]>([
    ['endpoint', (reader) => reader.endpoint(theirs.endpoint.uuid), 'ENDPOINT_NOT_FOUND'],
    ['template', (reader) => reader.template(theirs.template.uuid), 'TEMPLATE_NOT_FOUND'],
    ['api', (reader) => reader.api(theirs.api.uuid), 'API_NOT_FOUND'],
    ['migration', (reader) => reader.migration(theirs.migration.uuid), 'MIGRATION_NOT_FOUND'],
    ['run', (reader) => reader.run(theirRun.uuid), 'RUN_NOT_FOUND'],
    ['user', async (reader) => reader.user((await theirs.tenant.store.user('root')).uuid), 'USER_NOT_FOUND'],
  ])("does not find another one's %s", async (_what, read, code) => {
    await expect(read(mine.tenant.store)).rejects.toMatchObject({ code });
    await expect(read(theirs.tenant.store)).resolves.toBeDefined();
  });

  it('finds its own by the ids that another one uses too', async () => {
    const { store } = mine.tenant;
    const found = [await store.endpoint('main'), await store.template('copy'), await store.api('customers')];
    expect(found.map(({ uuid }) => uuid)).toEqual([mine.endpoint.uuid, mine.template.uuid, mine.api.uuid]);
    expect((await store.migration('v2')).uuid).toBe(mine.migration.uuid);
    expect((await store.user('root')).uuid).not.toBe((await theirs.tenant.store.user('root')).uuid);
  });

  it.each<[string, (reader: OrganizationReader) => Promise<{ items: readonly { uuid: string }[] }>]>([
    ['endpoints', (reader) => reader.endpoints(page)],
    ['templates', (reader) => reader.templates(page)],
    ['apis', (reader) => reader.apis(page)],
    ['migrations', (reader) => reader.migrations(page)],
    ['users', (reader) => reader.users(page)],
  ])('lists its own %s only', async (_what, list) => {
    const [own, other] = [await list(mine.tenant.store), await list(theirs.tenant.store)];
    expect([own.items.length, other.items.length]).toEqual([1, 1]);
    expect(own.items[0]?.uuid).not.toBe(other.items[0]?.uuid);
  });

  it("gets nothing when it asks by another one's uuids", async () => {
    const { store } = mine.tenant;
    expect((await store.endpointsByUuid([theirs.endpoint.uuid])).size).toBe(0);
    expect((await store.templatesByUuid([theirs.template.uuid])).size).toBe(0);
    expect(await store.templateUsers(theirs.template.uuid)).toEqual({ apis: [], migrations: [] });
    expect(await store.members(theirs.migration.uuid)).toEqual([]);
    expect(await store.plan(theirs.migration.uuid)).toBeNull();
    expect((await store.runs(theirs.migration.uuid, page)).items).toEqual([]);
    expect(await store.latestRun(theirs.migration.uuid)).toBeNull();
    expect(await store.runEvents(theirRun.uuid, 0)).toEqual([]);
    expect(await store.runApis(theirRun.uuid)).toEqual([]);
    await expect(control.store.waitForRun(mine.tenant.uuid, theirRun.uuid, 0)).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });

  it("cannot change or delete another one's", async () => {
    const { transact } = mine.tenant.store;
    const { endpoint, template, api, migration } = theirs;
    const attempts: [string, () => Promise<unknown>][] = [
      ['ENDPOINT_NOT_FOUND', () => transact((tx) => tx.updateEndpoint(endpoint.uuid, { description: 'x' }))],
      ['ENDPOINT_NOT_FOUND', () => transact((tx) => tx.deleteEndpoint(endpoint.uuid))],
      ['TEMPLATE_NOT_FOUND', () => transact((tx) => tx.updateTemplate(template.uuid, { description: 'x' }))],
      ['TEMPLATE_NOT_FOUND', () => transact((tx) => tx.deleteTemplate(template.uuid))],
      ['API_NOT_FOUND', () => transact((tx) => tx.updateApi(api.uuid, { description: 'x' }))],
      ['API_NOT_FOUND', () => transact((tx) => tx.deleteApi(api.uuid))],
      ['MIGRATION_NOT_FOUND', () => transact((tx) => tx.updateMigration(migration.uuid, { description: 'x' }))],
      ['MIGRATION_NOT_FOUND', () => transact((tx) => tx.deleteMigration(migration.uuid))],
      ['MIGRATION_NOT_FOUND', () => transact((tx) => tx.detachApi(migration.uuid, api.uuid))],
      ['MIGRATION_NOT_FOUND', () => transact((tx) => tx.unfinishedRuns(migration.uuid))],
      ['MIGRATION_NOT_FOUND', () => queueRun({ ...mine, migration }, 'sync')],
    ];
    for (const [code, attempt] of attempts) await expect(attempt()).rejects.toMatchObject({ code });
    expect(await theirs.tenant.store.api('customers')).toEqual(
      expect.objectContaining({ uuid: api.uuid, description: null }),
    );
  });

  it("cannot refer to another one's", async () => {
    const { tenant, migration } = mine;
    const attempts: [string, () => Promise<unknown>][] = [
      ['ENDPOINT_NOT_FOUND', () => addTemplate(tenant, 'thief', theirs.endpoint)],
      ['TEMPLATE_NOT_FOUND', () => addApi(tenant, 'thief', theirs.template)],
      ['API_NOT_FOUND', () => attach({ ...mine, api: theirs.api })],
      ['MIGRATION_NOT_FOUND', () => attach({ ...mine, migration: theirs.migration })],
      ['TEMPLATE_NOT_FOUND', () => attach({ ...mine, template: theirs.template })],
    ];
    for (const [code, attempt] of attempts) await expect(attempt()).rejects.toMatchObject({ code });
    expect(await tenant.store.members(migration.uuid)).toEqual([]);
  });

  it('cannot refer to others even with SQL: the foreign keys hold the organization', async () => {
    const insert = `INSERT INTO templates (uuid, organization_uuid, id, endpoint_uuid, endpoint_kind, kind, body, settings)
                    VALUES ($1, $2, 'sql', $3, 'Postgres', 'Read', '{}', '{}')`;
    await withClient(url, async (client) => {
      await expect(client.query(insert, [newUuid(), mine.tenant.uuid, theirs.endpoint.uuid])).rejects.toMatchObject({
        constraint: 'templates_organization_uuid_endpoint_uuid_fkey',
      });
    });
  });

  it('is empty at first', async () => {
    const nobody = await createTenant(control);
    expect((await nobody.store.apis(page)).items).toEqual([]);
    await addEndpoint(nobody, 'main');
    expect((await nobody.store.endpoints(page)).items).toHaveLength(1);
  });
});
