import type { Uuid } from '@eden/domain';
import { isEdenError } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

/** Clocks of processes may run at a slightly different pace. */
const CLOCK_MARGIN_MS = 250;

/**
 * Resolves once no gateway goes by what it has read of an organization's subjects before: called behind every commit that takes
 * something from one of them. Gateways keep subjects under a read lease, and for `subjectsKeptMs` at most (docs/adr/0051): whoever
 * has had the write lock has ended every lease that was there at the commit, and where it is not to be had, time does it.
 */
export async function endKeptSubjects(
  { locks, clock, settings }: Pick<CoordinatorDeps, 'locks' | 'clock' | 'settings'>,
  organizationUuid: Uuid,
): Promise<void> {
  const committedAt = clock.elapsedMs();
  const leftMs = (): number => Math.max(0, committedAt + settings.subjectsKeptMs + CLOCK_MARGIN_MS - clock.elapsedMs());
  try {
    const owner = { purpose: 'a change of who may do what' };
    const held = await locks.write([{ kind: 'subjects', uuid: organizationUuid }], { owner, timeoutMs: leftMs() });
    await held.release();
  } catch (error) {
    if (!isEdenError(error, 'SERVICE_UNAVAILABLE') && !isEdenError(error, 'LOCK_TIMEOUT')) throw error;
    await clock.sleep(leftMs());
  }
}
