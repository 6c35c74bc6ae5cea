import { isEdenError } from '@eden/domain';
import type { OwnedRun, Run, RunParticipant } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import type { Ownership } from './ownership.js';
import { backoffMs } from './pacing.js';

/** What has come of an attempt in which all have voted. */
export interface Votes {
  readonly parallelExecutionMs: number;
  /** Databases that are prepared, and of which nobody was told yet. */
  readonly prepared: number;
}

/** Whoever aborts the run from here on has to have asked the ledger of its last resource. */
export async function enterDeciding(
  deps: EngineDeps,
  ownership: Ownership,
  { parallelExecutionMs, prepared }: Votes,
): Promise<void> {
  await ownership.advance(async (owned) => {
    await settledByRow(deps, owned, 'deciding', () => deps.journal.enterDeciding(owned, parallelExecutionMs, prepared));
    return { ...owned, run: { ...owned.run, state: 'deciding', parallelExecutionMs } };
  });
}

/** T2. */
export async function decide(
  deps: EngineDeps,
  ownership: Ownership,
  { parallelExecutionMs, prepared }: Votes,
): Promise<void> {
  await deps.crashPoints.reach('before-decide');
  await ownership.advance(async (owned) => {
    await settledByRow(deps, owned, 'committing', () => deps.journal.decide(owned, parallelExecutionMs, prepared));
    return { ...owned, run: { ...owned.run, state: 'committing' } };
  });
  await deps.crashPoints.reach('after-decide');
}

interface Honouring {
  readonly deps: EngineDeps;
  readonly ownership: Ownership;
  readonly participants: readonly { readonly row: RunParticipant }[];
}

/** T2 again, of an attempt that has committed and that the control database has forgotten. @throws EdenError FENCED */
export async function honour(
  { deps: { journal, telemetry }, ownership, participants }: Honouring,
  token: string,
): Promise<void> {
  const { uuid, state } = ownership.current.run;
  telemetry.log.warn('an attempt that was forgotten has committed: its decision is taken again', { run: uuid, state });
  const rows = participants.map(({ row }) => row);
  await ownership.advance((owned) =>
    state === 'committing' ? journal.takeToken(owned, token) : journal.honour(owned, { token, participants: rows }),
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
      await decide(deps, ownership, { parallelExecutionMs: run.parallelExecutionMs ?? 0, prepared: 0 });
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
