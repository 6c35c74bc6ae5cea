import type { HeldLock, HeldWriteLock, Lockable } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import { lockTimeoutError } from '@eden/work';
import type { CoordinatorDeps } from './deps.js';

export interface WriteLockRequest {
  readonly resources: readonly Lockable[];
  /** What it is for, in words that help those who have to wait. */
  readonly purpose: string;
  readonly timeoutMs: number;
  /** Id of the migration that a timeout is reported for; null where there is none. */
  readonly migrationId: string | null;
}

/**
 * Does the work while no API execution and no run uses the resources. The work ends its transaction by asking the
 * lock's signal, so that a change does not commit after the lock was lost.
 *
 * The lock may be lost between that question and the commit. Others may have read the resources since, and keep what
 * they read for as long as nobody takes the write lock: so it is taken once more (docs/adr/0009). Whether that succeeds
 * says nothing about the change: the intent of whoever waits for it closes those leases as well, and while the lock
 * masters are away nobody renews them.
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
    const isHeld = await held.confirm();
    await held.release();
    if (!isHeld) await endOlderLeases(deps, request);
  }
}

/**
 * The same for one template or endpoint, which executions of many APIs keep in memory while they hold its read lock.
 * @throws EdenError LOCK_TIMEOUT (guide), SERVICE_UNAVAILABLE
 */
export async function withDefinitionLock<T>(
  deps: CoordinatorDeps,
  resource: Lockable,
  work: (held: HeldLock) => Promise<T>,
): Promise<T> {
  const purpose = `update ${resource.kind}`;
  const timeoutMs = deps.settings.lockTimeoutMs;
  return withWriteLock(deps, { resources: [resource], purpose, timeoutMs, migrationId: null }, work);
}

async function endOlderLeases(deps: CoordinatorDeps, request: WriteLockRequest): Promise<void> {
  try {
    await (await acquire(deps, request)).release();
  } catch (error) {
    if (!isEdenError(error, 'SERVICE_UNAVAILABLE') && !isEdenError(error, 'LOCK_TIMEOUT')) throw error;
    deps.telemetry.log.warn('lock not taken again after a change', { purpose: request.purpose, reason: String(error) });
  }
}

async function acquire(deps: CoordinatorDeps, request: WriteLockRequest): Promise<HeldWriteLock> {
  const { resources, purpose, timeoutMs, migrationId } = request;
  try {
    return await deps.locks.write(resources, { owner: { purpose }, timeoutMs });
  } catch (error) {
    throw isEdenError(error, 'LOCK_TIMEOUT') ? lockTimeoutError(migrationId, error) : error;
  }
}
