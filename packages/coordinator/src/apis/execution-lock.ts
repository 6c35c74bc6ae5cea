import type { Api, EndpointKind, HeldLock, LockResource } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import type { ApiWork } from './load-api-work.js';
import { activeMigrationOf } from './load-api-work.js';

/** Kinds whose databases hold the gate of protocol section 2. */
const GATED_KINDS: readonly EndpointKind[] = ['Postgres'];

/** The read lock of an execution, or why there is none: the lock masters are away and the gate has to do. */
export type ExecutionLock =
  | { readonly held: HeldLock; readonly migration: string | null }
  | { readonly held: null; readonly unavailable: unknown };

/**
 * Takes the read lock on the API, and on the migration that it belongs to as far as we know.
 * @throws EdenError LOCK_TIMEOUT, SERVICE_UNAVAILABLE for an API that no gate can guard
 */
export async function lockForExecution(deps: CoordinatorDeps, api: Api, timeoutMs: number): Promise<ExecutionLock> {
  const migration = activeMigrationOf(api);
  const ofApi: LockResource = { kind: 'api', uuid: api.uuid };
  const resources: readonly LockResource[] =
    migration === null ? [ofApi] : [{ kind: 'migration', uuid: migration }, ofApi];
  try {
    const held = await deps.locks.read(resources, { owner: { purpose: 'execution' }, timeoutMs });
    return { held, migration };
  } catch (error) {
    if (migration !== null && isEdenError(error, 'SERVICE_UNAVAILABLE')) return { held: null, unavailable: error };
    throw error;
  }
}

/**
 * True when the definition, loaded under this lock, may be served: the lock is on the migration that the API belongs
 * to now, or there is no lock and the gates in the targets take its place.
 * @throws what made the lock unavailable, when there is no gate either
 */
export function covers(lock: ExecutionLock, { api, steps }: ApiWork): boolean {
  if (lock.held !== null) return lock.migration === activeMigrationOf(api);
  const isGated = activeMigrationOf(api) !== null && steps.every(({ endpoint }) => GATED_KINDS.includes(endpoint.kind));
  if (!isGated) throw lock.unavailable;
  return true;
}
