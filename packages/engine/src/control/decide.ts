import { isEdenError } from '@eden/domain';
import type { OwnedRun, Run } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import type { Ownership } from './ownership.js';
import { backoffMs } from './pacing.js';

/** Whoever aborts the run from here on has to have asked the ledger of its last resource. */
export async function enterDeciding(
  deps: EngineDeps,
  ownership: Ownership,
  parallelExecutionMs: number,
): Promise<void> {
  await ownership.advance(async (owned) => {
    await settledByRow(deps, owned, 'deciding', () => deps.journal.enterDeciding(owned, parallelExecutionMs));
    return { ...owned, run: { ...owned.run, state: 'deciding', parallelExecutionMs } };
  });
}

/** T2. */
export async function decide(deps: EngineDeps, ownership: Ownership, parallelExecutionMs: number): Promise<void> {
  await deps.crashPoints.reach('before-decide');
  await ownership.advance(async (owned) => {
    await settledByRow(deps, owned, 'committing', () => deps.journal.decide(owned, parallelExecutionMs));
    return { ...owned, run: { ...owned.run, state: 'committing' } };
  });
  await deps.crashPoints.reach('after-decide');
}

/** T2 again, of an attempt that has committed and that the control database has forgotten. @throws EdenError FENCED */
export async function honour({ journal, telemetry }: EngineDeps, ownership: Ownership, token: string): Promise<void> {
  const { uuid, state } = ownership.current.run;
  telemetry.log.warn('an attempt that was forgotten has committed: its decision is taken again', { run: uuid, state });
  await ownership.advance((owned) =>
    state === 'committing' ? journal.takeToken(owned, token) : journal.honour(owned, token),
  );
}

/**
 * T2 of a run whose last resource has committed: there is no other way to go, so an outage of the control database is
 * waited out. Answers false when `stop` aborted first; then whoever adopts the run does it.
 */
export async function decideAtLast(deps: EngineDeps, ownership: Ownership, stop: AbortSignal): Promise<boolean> {
  const { run } = ownership.current;
  for (let attempt = 0; ; attempt += 1) {
    try {
      await decide(deps, ownership, run.parallelExecutionMs ?? 0);
      return true;
    } catch (error) {
      if (!isEdenError(error, 'SERVICE_UNAVAILABLE')) throw error;
      deps.telemetry.log.warn('commit not decided yet', { run: run.uuid, attempt, reason: String(error) });
    }
    if (stop.aborted) return false;
    await deps.clock.sleep(backoffMs(deps, attempt));
  }
}

/** When the reply of a step is lost, the row under FOR UPDATE tells whether it happened. */
async function settledByRow(
  deps: EngineDeps,
  owned: OwnedRun,
  state: Run['state'],
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!isEdenError(error, 'SERVICE_UNAVAILABLE')) throw error;
    const { uuid, epoch } = owned.run;
    const settled = await deps.journal.state(uuid);
    if (settled?.state !== state || settled.epoch !== epoch || !(await deps.journal.heartbeat(owned))) throw error;
  }
}
