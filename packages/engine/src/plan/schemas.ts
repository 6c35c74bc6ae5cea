import pMap from 'p-map';
import type { DatabaseIdentity, Endpoint, NewSchemaSnapshot, OwnedRun } from '@eden/domain';
import { isLost } from '../control/failure.js';
import type { EngineDeps } from '../deps.js';

/** A database that a run has changed, or is to change. */
export interface LeftDatabase {
  readonly database: DatabaseIdentity;
  readonly endpoint: Endpoint;
}

/**
 * Keeps the schemas of the databases as they are now: what changes from here on is drift. Nothing depends on it; a schema
 * that cannot be read is forgotten, so that nobody compares with an earlier one.
 */
export async function noteSchemas(
  { journal, targets, telemetry, settings }: EngineDeps,
  owned: OwnedRun,
  databases: readonly LeftDatabase[],
): Promise<void> {
  const run = owned.run.uuid;
  const look = async ({ database, endpoint }: LeftDatabase): Promise<readonly NewSchemaSnapshot[]> => {
    const left = { database, endpointUuid: endpoint.uuid };
    try {
      const objects = await targets.adapter(endpoint.kind).describeSchema(endpoint);
      return objects === null ? [] : [{ ...left, objects }];
    } catch (error) {
      telemetry.log.warn('schema not kept', { run, database: database.name, reason: String(error) });
      return [{ ...left, objects: null }];
    }
  };
  const snapshots = (await pMap(databases, look, { concurrency: settings.maxParallel })).flat();
  if (snapshots.length === 0) return;
  await journal.noteSchemas(owned, snapshots).catch((error: unknown) => {
    if (isLost(error)) throw error;
    telemetry.log.warn('schemas not kept', { run, reason: String(error) });
  });
}
