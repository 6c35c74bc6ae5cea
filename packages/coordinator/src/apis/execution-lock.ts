import type { HeldLock } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import type { Footprint } from './footprint.js';
import type { ApiWork } from './load-api-work.js';
import { activeMigrationOf } from './load-api-work.js';

/** The read lock of an execution, or why there is none: the lock masters are away and the gate has to do. */
export type ExecutionLock =
  { readonly held: HeldLock; readonly footprint: Footprint } | { readonly held: null; readonly unavailable: unknown };

/** @throws EdenError LOCK_TIMEOUT */
export async function lockForExecution(
  deps: CoordinatorDeps,
  footprint: Footprint,
  timeoutMs: number,
): Promise<ExecutionLock> {
  try {
    const held = await deps.locks.read(footprint, { owner: { purpose: 'execution' }, timeoutMs });
    return { held, footprint };
  } catch (error) {
    if (isEdenError(error, 'SERVICE_UNAVAILABLE')) return { held: null, unavailable: error };
    throw error;
  }
}

/** Whether the gates in the targets keep migrations of the API and its executions apart when there is no lock. */
export function isGated({ targets }: CoordinatorDeps, { api, steps }: ApiWork): boolean {
  const hasGates = steps.every(({ endpoint }) => targets.adapter(endpoint.kind).capabilities.gates);
  return hasGates && activeMigrationOf(api) !== null;
}
