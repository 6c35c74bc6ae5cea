import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TemplateBody } from '@eden/domain';
import { withClient } from '@eden/testkit';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import { addApi, addEndpoint, addMigration, addTemplate, attach, createScene, type Scene } from '../testing/tenants.js';
import { carryOut, queueRun, startRun, sync } from '../testing/runs.js';
import { newUuid } from '../uuid.js';

let url: string;
let control: ControlDatabase;
let scene: Scene;

beforeAll(async () => {
  ({ url, control } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
});

describe('ids', () => {
  it('are unique per organization', async () => {
    const { tenant, endpoint, template } = scene;
    await expect(addEndpoint(tenant, 'main')).rejects.toMatchObject({ code: 'ENDPOINT_EXISTS' });
    await expect(addTemplate(tenant, 'copy', endpoint)).rejects.toMatchObject({ code: 'TEMPLATE_EXISTS' });
    await expect(addApi(tenant, 'customers', template)).rejects.toMatchObject({ code: 'API_EXISTS' });
    await expect(addMigration(tenant, 'v2')).rejects.toMatchObject({ code: 'MIGRATION_EXISTS' });
  });

  it('of a deleted migration can be used again, while its runs stay readable', async () => {
    const { tenant, migration } = scene;
    await attach(scene);
    await sync(scene);
    const run = await tenant.store.latestRun(migration.uuid);
    await tenant.store.transact((tx) => tx.deleteMigration(migration.uuid));
    await expect(tenant.store.migration('v2')).rejects.toMatchObject({
      code: 'MIGRATION_NOT_FOUND',
      context: { migration_id: 'v2', suggestion: 'Verify migration exists in your organization' },
    });
    const second = await addMigration(tenant, 'v2');
    expect((await tenant.store.migration('v2')).uuid).toBe(second.uuid);
    expect(await tenant.store.run(run!.uuid)).toMatchObject({ migrationId: 'v2', state: 'succeeded' });
  });

  it('that look like the uuid of another thing do not hide that', async () => {
    const { tenant, endpoint } = scene;
    const imposter = await addEndpoint(tenant, endpoint.uuid);
    expect((await tenant.store.endpoint(endpoint.uuid)).id).toBe('main');
    expect((await tenant.store.endpoint(imposter.uuid)).id).toBe(endpoint.uuid);
    const stranger = newUuid();
    await addEndpoint(tenant, stranger);
    expect((await tenant.store.endpoint(stranger)).id).toBe(stranger);
  });
});

describe('what is missing', () => {
  it('is named as it was asked for, in the words of the guide', async () => {
    await expect(scene.tenant.store.template('no_such_template')).rejects.toMatchObject({
      code: 'TEMPLATE_NOT_FOUND',
      message: 'Template not found',
      context: { template_id: 'no_such_template', suggestion: 'Verify template exists in your organization' },
    });
  });

  it('is also named when it disappeared before it could be changed', async () => {
    const uuid = newUuid();
    await expect(
      scene.tenant.store.transact((tx) => tx.updateEndpoint(uuid, { description: 'x' })),
    ).rejects.toMatchObject({ code: 'ENDPOINT_NOT_FOUND', context: { endpoint_id: uuid } });
  });
});

describe('documents', () => {
  it('come back as they were sent, key order included', async () => {
    const { store } = scene.tenant;
    const fields = { zebra: [1, { y: null, x: 'ü\u0000' }], apple: 1.5, 'a-long-key': true };
    const bindings = [{ templateUuid: scene.template.uuid, fields }];
    await store.transact((tx) => tx.updateApi(scene.api.uuid, { bindings }));
    expect(JSON.stringify((await store.api('customers')).bindings[0]?.fields)).toBe(JSON.stringify(fields));
  });
});

describe('an endpoint', () => {
  it('keeps its config encrypted in the database', async () => {
    expect((await scene.tenant.store.endpoint('main')).config).toEqual({ url: 'postgresql://main' });
    const { rows } = await withClient(url, (client) =>
      client.query(`SELECT encode(config, 'escape') AS config FROM endpoints WHERE uuid = $1`, [scene.endpoint.uuid]),
    );
    expect(JSON.stringify(rows)).not.toContain('postgresql');
  });

  it('has a new version after each change, and keeps what was not changed', async () => {
    const { store } = scene.tenant;
    const changed = await store.transact((tx) => tx.updateEndpoint(scene.endpoint.uuid, { config: { url: 'new' } }));
    expect(changed).toMatchObject({ version: 2, config: { url: 'new' }, description: null });
    const described = await store.transact((tx) => tx.updateEndpoint(scene.endpoint.uuid, { description: 'Main' }));
    expect(described).toMatchObject({ version: 3, config: { url: 'new' }, description: 'Main' });
    expect(described.updatedAt.getTime()).toBeGreaterThanOrEqual(described.createdAt.getTime());
  });

  it('cannot be deleted while templates use it', async () => {
    const { tenant, endpoint } = scene;
    await expect(tenant.store.transact((tx) => tx.deleteEndpoint(endpoint.uuid))).rejects.toMatchObject({
      code: 'ENDPOINT_IN_USE',
      context: { templates: ['copy'] },
    });
    const unused = await addEndpoint(tenant, 'unused');
    await tenant.store.transact((tx) => tx.deleteEndpoint(unused.uuid));
    await expect(tenant.store.endpoint('unused')).rejects.toMatchObject({ code: 'ENDPOINT_NOT_FOUND' });
  });

  it('cannot be deleted while an unfinished run has it as a participant', async () => {
    const { tenant } = scene;
    await attach(scene);
    await sync(scene);
    const run = await queueRun(scene, 'migrate');
    const endpoint = await addEndpoint(tenant, 'without templates');
    await startRun({ ...scene, endpoint }, run);
    await expect(tenant.store.transact((tx) => tx.deleteEndpoint(endpoint.uuid))).rejects.toMatchObject({
      code: 'ENDPOINT_IN_USE',
      context: { run_uuid: run.uuid },
    });
  });
});

describe('a template', () => {
  it('cannot be deleted while APIs or migrations bind it', async () => {
    const { tenant, endpoint, template } = scene;
    const step = await addTemplate(tenant, 'step', endpoint);
    await attach({ ...scene, template: step });
    expect(await tenant.store.templateUsers(template.uuid)).toEqual({ apis: ['customers'], migrations: [] });
    for (const [uuid, context] of [
      [template.uuid, { apis: ['customers'], migrations: [] }],
      [step.uuid, { apis: [], migrations: ['v2'] }],
    ] as const) {
      const deleting = tenant.store.transact((tx) => tx.deleteTemplate(uuid));
      await expect(deleting).rejects.toMatchObject({ code: 'TEMPLATE_IN_USE', context });
    }
  });

  it('is still used by the API that a deleted migration has left with it', async () => {
    const { tenant, endpoint, migration } = scene;
    const step = await addTemplate(tenant, 'step', endpoint);
    await attach({ ...scene, template: step });
    await tenant.store.transact((tx) => tx.deleteMigration(migration.uuid));
    expect(await tenant.store.templateUsers(step.uuid)).toEqual({ apis: ['customers'], migrations: [] });
    await attach({ ...scene, migration: await addMigration(tenant, 'v3') });
    expect(await tenant.store.templateUsers(step.uuid)).toEqual({ apis: [], migrations: [] });
    await tenant.store.transact((tx) => tx.deleteTemplate(step.uuid));
  });

  it('voids the plans of the migrations that bind it when it changes', async () => {
    const { tenant, template, migration } = scene;
    await attach(scene);
    await sync(scene);
    const before = await tenant.store.migration('v2');
    const changed = await tenant.store.transact((tx) => tx.updateTemplate(template.uuid, { settings: { retries: 3 } }));
    expect(changed).toMatchObject({ version: 2, settings: { retries: 3 }, body: { query: 'SELECT 1' } });
    const after = await tenant.store.migration('v2');
    expect(after).toMatchObject({ planHash: null, revision: before.revision + 1 });
    expect(await tenant.store.plan(migration.uuid)).toBeNull();
    expect((await tenant.store.members(migration.uuid))[0]?.membership.synced).toBe(false);
  });

  it('leaves the plan from T1 on: it is history, which a rollback goes by', async () => {
    const { tenant, template } = scene;
    const change = () =>
      tenant.store.transact((tx) =>
        tx.updateTemplate(template.uuid, { settings: { rollback: { query: 'SELECT 1' } } }),
      );
    await attach(scene);
    await sync(scene);
    const owned = await startRun(scene, await queueRun(scene, 'migrate'));
    await change();
    await control.journal.decide(owned, 1);
    await control.journal.complete(owned);
    await change();
    expect((await tenant.store.migration('v2')).planHash).not.toBeNull();
  });
});

describe('a text that is longer than a statement of the control database takes', () => {
  const long = (word: string): string => `SELECT '${word}'; -- 🐘\n`.repeat(300_000);
  const written = (word: string): TemplateBody => ({ syntax: 'sql', query: long(word) });
  const pieces = (table: string) =>
    withClient(
      url,
      async (client) => (await client.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n as number,
    );

  it('is a template that comes back whole, and in lists has its beginning', async () => {
    const { tenant, endpoint } = scene;
    const template = await tenant.store.transact((tx) =>
      tx.insertTemplate({
        ...{ id: 'long', description: null, endpointUuid: endpoint.uuid, endpointKind: 'Postgres', kind: 'Write' },
        body: written('up'),
        settings: { rollback: written('down'), retries: 1 },
      }),
    );
    const stored = await tenant.store.template('long');
    expect(stored).toEqual(template);
    expect((await tenant.store.templatesByUuid([template.uuid])).get(template.uuid)).toEqual(template);
    const { items } = await tenant.store.templates({ limit: 200, cursor: null });
    expect(JSON.stringify(items).length).toBeLessThan(500_000);
    // What knows of no pieces, as an earlier version, cannot run it.
    expect(items.find(({ id }) => id === 'long')).toMatchObject({ body: { query: expect.stringMatching(/^\\/) } });

    const described = await tenant.store.transact((tx) => tx.updateTemplate(template.uuid, { description: 'd' }));
    expect(described).toMatchObject({ version: 2, description: 'd', body: template.body, settings: template.settings });
    const other = await tenant.store.transact((tx) => tx.updateTemplate(template.uuid, { body: written('other') }));
    expect(other).toMatchObject({ version: 3, body: written('other'), settings: template.settings });
    expect(await tenant.store.template('long')).toEqual(other);
    await withClient(url, (client) => client.query('DELETE FROM template_pieces WHERE number = 1'));
    await expect(tenant.store.template('long')).rejects.toThrow('a piece of the template long is missing');
    await tenant.store.transact((tx) =>
      tx.updateTemplate(template.uuid, { body: other.body, settings: template.settings }),
    );

    // An earlier version knows of no pieces, and leaves them where they are.
    await withClient(url, (client) =>
      client.query(`UPDATE templates SET body = '{"query":"SELECT 2"}' WHERE id = 'long'`),
    );
    expect(await tenant.store.template('long')).toMatchObject({
      body: { query: 'SELECT 2' },
      settings: template.settings,
    });

    const body = { query: 'SELECT 1' };
    expect(await tenant.store.transact((tx) => tx.updateTemplate(template.uuid, { body, settings: {} }))).toMatchObject(
      { body, settings: {} },
    );
    expect(await pieces('template_pieces')).toBe(0);
    expect((await tenant.store.template('long')).body).toEqual(body);
  });

  it('is a file of a folder, among others', async () => {
    const { tenant, endpoint, migration } = scene;
    const files = ['1_short.sql', '2_long.sql', '3_short.sql'].map((path, at) => ({
      path,
      bytes: Buffer.from(at === 1 ? long(path) : path),
    }));
    const { uuid } = await tenant.store.transact((tx) =>
      tx.insertSource({
        ...{ id: 'folder', apiId: 'v2.folder', migrationUuid: migration.uuid, endpointUuid: endpoint.uuid },
        ...{ tool: 'dbmate', stage: 0, options: {}, digest: '', files },
      }),
    );
    const read = await tenant.store.sourceFiles(uuid);
    expect(read.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()])).toEqual(
      files.map(({ path, bytes }) => [path, bytes.toString()]),
    );
    expect(Buffer.from((await tenant.store.sourceFile(uuid, '2_long.sql')).bytes).equals(files[1]!.bytes)).toBe(true);
    expect(await pieces('source_file_pieces')).toBeGreaterThan(1);
    const { rows } = await withClient(url, (client) =>
      client.query("SELECT bytes FROM source_files WHERE path = '2_long.sql'"),
    );
    expect(rows).toEqual([{ bytes: Buffer.of(0) }]);
    await withClient(url, (client) => client.query('DELETE FROM source_file_pieces WHERE number > 0'));
    await expect(tenant.store.sourceFile(uuid, '2_long.sql')).rejects.toThrow('2_long.sql');
    await tenant.store.transact(async (tx) => tx.deleteSource(await tx.source(migration.uuid, uuid)));
    expect(await pieces('source_file_pieces')).toBe(0);
  });
});

describe('an API', () => {
  it('has a new schema version when its definition changes, and only then', async () => {
    const { tenant, api } = scene;
    const update = (changes: object) => tenant.store.transact((tx) => tx.updateApi(api.uuid, changes));
    expect(await update({ description: 'new' })).toMatchObject({ schemaVersion: 1, description: 'new' });
    expect(await update({ fields: api.fields, bindings: api.bindings })).toMatchObject({ schemaVersion: 1 });
    const field = { name: 'customer.id', type: 'Number', required: true };
    expect(await update({ fields: [field] })).toMatchObject({ schemaVersion: 2, fields: [field] });
    expect(await update({ bindings: [] })).toMatchObject({ schemaVersion: 3, fields: [field], bindings: [] });
  });

  it('keeps its definition from T1 to the end of a migrate', async () => {
    const { tenant, api } = scene;
    await attach(scene);
    await sync(scene);
    const run = await queueRun(scene, 'migrate');
    const rename = () => tenant.store.transact((tx) => tx.updateApi(api.uuid, { bindings: [] }));
    await startRun(scene, run);
    await expect(rename()).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS', context: { run_uuid: run.uuid } });
    await tenant.store.transact((tx) => tx.updateApi(api.uuid, { description: 'words are free' }));
  });

  it('cannot be deleted while its membership is active, and takes only its own rows with it', async () => {
    const { tenant, api, migration, template } = scene;
    await attach(scene);
    const remove = () => tenant.store.transact((tx) => tx.deleteApi(api.uuid));
    await expect(remove()).rejects.toMatchObject({ code: 'API_IN_USE', context: { migration_id: 'v2' } });
    await sync(scene);
    await carryOut(scene, 'migrate');
    await remove();
    await expect(tenant.store.api('customers')).rejects.toMatchObject({ code: 'API_NOT_FOUND' });
    const run = await tenant.store.latestRun(migration.uuid, 'migrate');
    expect(run === null ? [] : await tenant.store.runApis(run.uuid)).toHaveLength(1);
    expect((await tenant.store.template('copy')).uuid).toBe(template.uuid);
  });
});
