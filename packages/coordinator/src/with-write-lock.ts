import type { HeldLock, LockResource } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { CoordinatorDeps } from './deps.js';
import { lockTimeoutError } from './lock-timeout.js';

export interface WriteLockRequest {
  readonly resources: readonly LockResource[];
  /** What it is for, in words that help those who have to wait. */
  readonly purpose: string;
  readonly timeoutMs: number;
  /** Id of the migration that a timeout is reported for; null where there is none. */
  readonly migrationId: string | null;
}

/**
 * Does the work while no API execution and no run uses the resources. The work ends its transaction by asking the
 * lock's signal, so that a change never commits after the lock was lost.
 * @throws EdenError LOCK_TIMEOUT (guide), SERVICE_UNAVAILABLE
 */
export async function withWriteLock<T>(
  deps: CoordinatorDeps,
  request: WriteLockRequest,
  work: (held: HeldLock) => Promise<T>,
): Promise<T> {
  const held = await acquire(deps, request);
  try {
    return await work(held);
  } finally {
    await held.release();
  }
}

async function acquire(deps: CoordinatorDeps, request: WriteLockRequest): Promise<HeldLock> {
  const { resources, purpose, timeoutMs, migrationId } = request;
  try {
    return await deps.locks.write(resources, { owner: { purpose }, timeoutMs });
  } catch (error) {
    throw isEdenError(error, 'LOCK_TIMEOUT') ? lockTimeoutError(migrationId, error) : error;
  }
}
