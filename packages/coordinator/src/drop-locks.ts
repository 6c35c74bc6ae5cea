import type { LockResource } from '@eden/domain';
import { toStoredError } from '@eden/domain';
import type { CoordinatorDeps } from './deps.js';

/** Removes the locks of what was deleted. Not worth an error: their keys also expire by themselves. */
export async function dropLocks(deps: CoordinatorDeps, resources: readonly LockResource[]): Promise<void> {
  try {
    await deps.locks.drop(resources);
  } catch (error) {
    deps.telemetry.log.warn('locks of a deleted resource were left to expire', { ...toStoredError(error) });
  }
}
