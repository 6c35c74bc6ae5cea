import type { Lockable, LockPort } from '@eden/domain';
import type { CoordinatorDeps } from './deps.js';

/** A writer that passes is waited for, and behind one that stays nobody asks for a while. */
const LEASE_WAIT_MS = 1_000;
const PAUSE_MS = 1_000;

/** When a lease may be asked for again, on the clock of `elapsedMs`. */
const asked = new WeakMap<LockPort, Map<string, number>>();

type Deps = Pick<CoordinatorDeps, 'locks' | 'clock'>;

/**
 * The read lease under which something may be read and kept: that holds for as long as this very object is the lease
 * (`LockPort.leaseOn`). Null where there is none; it is then asked for, for those who come later, and nobody waits for it.
 */
export function wantedLease(deps: Deps, resource: Lockable, purpose: string): object | null {
  const lease = deps.locks.leaseOn(resource);
  if (lease === null) void want(deps, resource, purpose);
  return lease;
}

async function want({ locks, clock }: Deps, resource: Lockable, purpose: string): Promise<void> {
  const times = asked.get(locks) ?? new Map<string, number>();
  asked.set(locks, times);
  const key = `${resource.kind}:${resource.uuid}`;
  if ((times.get(key) ?? 0) > clock.elapsedMs()) return;
  times.set(key, Number.POSITIVE_INFINITY);
  try {
    await (await locks.read([resource], { owner: { purpose }, timeoutMs: LEASE_WAIT_MS })).release();
    times.delete(key);
  } catch {
    // Whatever it is: the control database is asked as long as it lasts.
    times.set(key, clock.elapsedMs() + PAUSE_MS);
  }
}
