import { randomUUID } from 'node:crypto';
import type { Api, Endpoint, Migration, OrganizationStore, Template, Uuid } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';

export interface Tenant {
  readonly id: string;
  readonly uuid: Uuid;
  readonly store: OrganizationStore;
}

/** An organization of its own with one SuperAdmin, `root`. */
export async function createTenant({ store }: ControlDatabase): Promise<Tenant> {
  const id = `org-${randomUUID()}`;
  const superAdmins = [{ username: 'root', description: null, accessLevel: 'SuperAdmin' as const, passwordHash: '#' }];
  const { uuid } = await store.identity.createOrganization({ id, description: null, superAdmins });
  return { id, uuid, store: store.organization(uuid) };
}

export function addEndpoint({ store }: Tenant, id: string): Promise<Endpoint> {
  const config = { url: `postgresql://${id}` };
  return store.transact((tx) => tx.insertEndpoint({ id, kind: 'Postgres', description: null, config }));
}

export function addTemplate({ store }: Tenant, id: string, endpoint: Endpoint): Promise<Template> {
  return store.transact((tx) =>
    tx.insertTemplate({
      id,
      description: null,
      endpointUuid: endpoint.uuid,
      endpointKind: 'Postgres',
      kind: 'Write',
      body: { query: 'SELECT 1' },
      settings: {},
    }),
  );
}

export function addApi({ store }: Tenant, id: string, template: Template): Promise<Api> {
  const bindings = [{ templateUuid: template.uuid, fields: { b: 'input.b', a: 'input.a' } }];
  return store.transact((tx) => tx.insertApi({ id, description: null, fields: [], bindings }));
}

export function addMigration({ store }: Tenant, id: string): Promise<Migration> {
  return store.transact((tx) =>
    tx.insertMigration({ id, description: null, parameters: { size: 1 }, options: {}, createdBy: 'root' }),
  );
}

export interface Scene {
  readonly control: ControlDatabase;
  readonly tenant: Tenant;
  readonly endpoint: Endpoint;
  readonly template: Template;
  readonly api: Api;
  readonly migration: Migration;
}

/** A tenant with one migration of one API, not yet attached. */
export async function createScene(control: ControlDatabase): Promise<Scene> {
  const tenant = await createTenant(control);
  const endpoint = await addEndpoint(tenant, 'main');
  const template = await addTemplate(tenant, 'copy', endpoint);
  const api = await addApi(tenant, 'customers', template);
  const migration = await addMigration(tenant, 'v2');
  return { control, tenant, endpoint, template, api, migration };
}

export async function attach({ tenant, api, migration, template }: Scene): Promise<void> {
  const bindings = [{ templateUuid: template.uuid, fields: {} }];
  await tenant.store.transact((tx) =>
    tx.attachApi({ apiUuid: api.uuid, migrationUuid: migration.uuid, stage: 0, bindings, next: null }),
  );
}
