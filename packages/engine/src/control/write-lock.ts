import { isEdenError } from '@eden/domain';
import type { LockOwner, Migration, Run, Uuid } from '@eden/domain';
import { lockTimeoutError, lockTimeoutOf, lockedWith } from '@eden/work';
import type { EngineDeps } from '../deps.js';
import type { Ownership } from './ownership.js';
import { backoffMs, pauseUnless } from './pacing.js';

/** One try at the lock: whoever does not get it comes back, and blocks no slot of the worker meanwhile. */
export const LOCK_TRY_MS = 2_000;

/** Who a run is to those who wait for it. `epoch`: that of the attempt, which T1 gives it. */
export function lockOwnerOf(run: Run, epoch: number): LockOwner {
  return { purpose: `run ${run.uuid}`, fence: epoch };
}

/**
 * Between T2 and T3, for a run whose lock may have been lost before T2: takes it once more. Others may have read an API
 * just before T2, and keep what they read for as long as nobody writes it (docs/adr/0009). Answers false when somebody
 * stays in the way; whoever adopts the run tries again.
 *
 * Lock masters that stay away for a whole lease need not be waited for: nobody can have renewed a lease meanwhile.
 */
export async function endOlderLeases(deps: EngineDeps, ownership: Ownership, stop: AbortSignal): Promise<boolean> {
  const { run } = ownership.current;
  const givesUpAt = deps.clock.elapsedMs() + deps.settings.leaseMs;
  for (let attempt = 0; !stop.aborted; attempt += 1) {
    const outcome = await lockOnceMore(deps, run, stop);
    if (outcome === 'done' || (outcome === 'away' && deps.clock.elapsedMs() >= givesUpAt)) return true;
    if (outcome === 'taken') break;
    await pauseUnless(deps, stop, backoffMs(deps, attempt));
  }
  deps.telemetry.log.info('lock left to whoever adopts the run', { run: run.uuid });
  return false;
}

async function lockOnceMore(deps: EngineDeps, run: Run, stop: AbortSignal): Promise<'done' | 'taken' | 'away'> {
  try {
    if (await isStillLocked(deps, run)) return 'done';
    const request = { owner: lockOwnerOf(run, run.epoch), timeoutMs: LOCK_TRY_MS, signal: stop };
    const resources = await lockedWith(deps.journal.reader(run.organizationUuid), run.migrationUuid);
    await (await deps.locks.write(resources, request)).release();
    return 'done';
  } catch (error) {
    if (!stop.aborted && !isEdenError(error, 'LOCK_TIMEOUT') && !isEdenError(error, 'SERVICE_UNAVAILABLE')) throw error;
    deps.telemetry.log.warn('lock not taken again after the decision', { run: run.uuid, reason: String(error) });
    return isEdenError(error, 'SERVICE_UNAVAILABLE') ? 'away' : 'taken';
  }
}

/** Whether the lock that this attempt took before T1 is there, although the worker that took it may be dead. */
async function isStillLocked(deps: EngineDeps, run: Run): Promise<boolean> {
  const { writer } = await deps.locks.inspect({ kind: 'migration', uuid: run.migrationUuid });
  const { purpose, fence } = lockOwnerOf(run, run.epoch);
  return writer !== null && writer.purpose === purpose && writer.fence === fence;
}

/** Whose endpoints are changed. */
interface EndpointChange {
  readonly deps: EngineDeps;
  readonly ownership: Ownership;
  readonly signal: AbortSignal;
}

/**
 * Does what changes these endpoints while no execution keeps them in memory; once more for those who may have read them
 * behind a lock that was lost.
 * @throws EdenError LOCK_TIMEOUT (guide), SERVICE_UNAVAILABLE
 */
export async function withEndpointLock<T>(
  { deps, ownership, signal }: EndpointChange,
  migration: Migration,
  endpoints: readonly Uuid[],
  work: () => Promise<T>,
): Promise<T> {
  if (endpoints.length === 0) return work();
  const { run } = ownership.current;
  const resources = endpoints.map((uuid) => ({ kind: 'endpoint', uuid }) as const);
  const timeoutMs = lockTimeoutOf(migration, deps.settings.lockTimeoutMs);
  const request = { owner: lockOwnerOf(run, run.epoch), timeoutMs, signal };
  const acquire = () =>
    deps.locks.write(resources, request).catch((error: unknown) => {
      throw isEdenError(error, 'LOCK_TIMEOUT') ? lockTimeoutError(run.migrationId, error) : error;
    });
  const held = await acquire();
  let isHeld = false;
  try {
    const result = await work();
    isHeld = await held.confirm();
    return result;
  } finally {
    await held.release();
    if (!isHeld) await (await acquire()).release();
  }
}
