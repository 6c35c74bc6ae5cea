import {
  EdenError,
  isSameDatabase,
  schemaChanges,
  type DatabaseIdentity,
  type Endpoint,
  type Ref,
  type SchemaChange,
  type SchemaSnapshot,
  type Subject,
} from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

export interface Drift extends SchemaChange {
  /** Id of the endpoint. */
  readonly endpoint: string;
  readonly database: string;
}

/**
 * What has changed in the schemas of a migration's databases since its last run, whoever has changed it.
 * @throws EdenError MIGRATION_NOT_FOUND, SCHEMA_NOT_KNOWN, ENDPOINT_UNAVAILABLE
 */
export async function findDrift(
  { store, targets }: Pick<CoordinatorDeps, 'store' | 'targets'>,
  subject: Subject,
  ref: Ref,
): Promise<readonly Drift[]> {
  const organization = store.organization(subject.organizationUuid);
  const migration = await organization.migration(ref);
  const plan = await organization.plan(migration.uuid);
  const snapshots = await organization.schemas(migration.uuid);
  const planned = plan?.databases ?? [];
  const unknown = planned.filter(({ identity }) => !snapshots.some(({ database }) => database.key === identity.key));
  if (plan === null || unknown.length > 0)
    throw notKnown(
      migration.id,
      unknown.map(({ identity }) => identity.name),
    );
  const endpoints = await organization.endpointsByUuid(planned.map(({ endpoint }) => endpoint));
  const drift: Drift[] = [];
  for (const { identity, endpoint: uuid } of planned) {
    const snapshot = snapshots.find(({ database }) => database.key === identity.key);
    const endpoint = endpoints.get(uuid);
    if (endpoint === undefined) throw unavailable(uuid, `The endpoint of the database "${identity.name}" is gone`);
    if (snapshot !== undefined) drift.push(...(await driftOf({ targets }, snapshot, { endpoint, identity })));
  }
  return drift;
}

async function driftOf(
  { targets }: Pick<CoordinatorDeps, 'targets'>,
  { database, objects }: SchemaSnapshot,
  { endpoint, identity }: { readonly endpoint: Endpoint; readonly identity: DatabaseIdentity },
): Promise<readonly Drift[]> {
  const adapter = targets.adapter(endpoint.kind);
  if (!isSameDatabase(await adapter.identify(endpoint), identity)) {
    throw unavailable(endpoint.id, `The endpoint no longer leads to the database "${database.name}" of the last run`);
  }
  const now = (await adapter.describeSchema(endpoint)) ?? [];
  return schemaChanges(objects, now).map((change) => ({ endpoint: endpoint.id, database: database.name, ...change }));
}

function unavailable(endpoint: string, details: string): EdenError {
  return new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpoint, details });
}

function notKnown(id: string, databases: readonly string[]): EdenError {
  const suggestion = 'It is kept by each sync and migrate that succeeds: run sync, where that is still possible';
  return new EdenError('SCHEMA_NOT_KNOWN', { migration_id: id, databases, suggestion });
}
