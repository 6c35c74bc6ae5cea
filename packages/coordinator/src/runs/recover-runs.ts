import { EdenError, toStoredError } from '@eden/domain';
import type { AbortOutcome, OwnedRun, Run } from '@eden/domain';
import { abortRun, settleAbort } from './abort-run.js';
import { commitRun } from './commit-run.js';
import type { RunDeps } from './deps.js';
import { isLost } from './failure.js';
import { keepOwnership } from './ownership.js';
import type { Ownership } from './ownership.js';
import type { SettlementTarget } from './settle.js';

/** Finishes what dead workers have left behind. */
export interface RunRecovery {
  /** Takes over what is abandoned at this moment. Does not wait for it to be finished. */
  round(): Promise<void>;
  /** Resolves when nothing is in hand any more. */
  settled(): Promise<void>;
}

/**
 * Ends each run of a dead worker as the crash table of protocol section 3 says: before T2 abort and queue again, from
 * T2 on commit. A round at the worker's start and every second after. A run that waits for its target keeps neither the
 * next round nor another run waiting; its heartbeat keeps it out of the rounds until `stop` aborts.
 */
export function createRunRecovery(deps: RunDeps, stop: AbortSignal): RunRecovery {
  const inHand = new Set<Promise<void>>();
  const take = (run: Run): void => {
    const recovery = recoverRun(deps, run, stop)
      .catch((error: unknown) => {
        deps.telemetry.log.warn('run not recovered yet', { run: run.uuid, error });
      })
      .finally(() => inHand.delete(recovery));
    inHand.add(recovery);
  };
  return {
    round: async () => {
      await deps.journal.freeAbandonedClaims(deps.run.leaseMs);
      for (const run of await deps.journal.abandoned(deps.run.leaseMs)) take(run);
    },
    settled: async () => {
      await Promise.all(inHand);
    },
  };
}

async function recoverRun(deps: RunDeps, run: Run, stop: AbortSignal): Promise<void> {
  const owned = await deps.journal.adopt(run, deps.run.owner, deps.run.leaseMs);
  if (owned === null) return;
  deps.telemetry.log.warn('recovering a run whose worker died', { run: run.uuid, state: run.state, epoch: run.epoch });
  const ownership = keepOwnership(deps, owned);
  try {
    await finish(deps, ownership, AbortSignal.any([stop, ownership.signal]));
    deps.telemetry.log.info('run recovered', { run: run.uuid });
  } catch (error) {
    if (!isLost(error)) throw error;
    deps.telemetry.log.info('run was recovered by another worker', { run: run.uuid });
  } finally {
    ownership.stop();
  }
}

/** `abandoned` answers runs between T1 and their end only: committing, aborting, or before the commit point. */
async function finish(deps: RunDeps, ownership: Ownership, stop: AbortSignal): Promise<void> {
  const { run } = ownership.current;
  const targets = await settlementTargets(deps, ownership.current);
  if (run.state === 'committing') return commitRun(deps, ownership, targets, { lock: null, stop });
  const outcome = outcomeAfterCrash(deps, run);
  if (run.state === 'aborting') return settleAbort(deps, ownership, { outcome, targets, stop });
  return abortRun(deps, ownership, { outcome, targets, apis: [], stop });
}

/** An abort that had begun with an error ends with it; a crash alone is another attempt, as often as allowed. */
function outcomeAfterCrash(deps: RunDeps, run: Run): AbortOutcome {
  if (run.error !== null) return { kind: 'failed', error: run.error };
  if (run.attempt < deps.run.maxAttempts) return { kind: 'requeue' };
  const context = { failed_apis: [], details: `The worker died in each of ${run.attempt} attempts` };
  return { kind: 'failed', error: toStoredError(new EdenError('MIGRATION_EXECUTION_FAILED', context)) };
}

async function settlementTargets(deps: RunDeps, { run }: OwnedRun): Promise<readonly SettlementTarget[]> {
  const participants = await deps.journal.participants(run.uuid);
  const reader = deps.journal.reader(run.organizationUuid);
  const endpoints = await reader.endpointsByUuid(participants.map(({ endpointUuid }) => endpointUuid));
  return participants.map((participant) => {
    const endpoint = endpoints.get(participant.endpointUuid);
    if (endpoint === undefined) throw new EdenError('ENDPOINT_NOT_FOUND', { endpoint_id: participant.endpointUuid });
    return { participant, endpoint };
  });
}
