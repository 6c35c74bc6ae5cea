import { EdenError } from '@eden/domain';
import type { AbortOutcome, OwnedRun, Run } from '@eden/domain';
import { abortRun, afterInterruption, settleAbort } from './settle/abort-run.js';
import { commitRun } from './settle/commit-run.js';
import { decideAtLast } from './control/decide.js';
import type { EngineDeps } from './deps.js';
import { isLost } from './control/failure.js';
import { isBegunElsewhere, markInDoubt } from './settle/in-doubt.js';
import { askLastResource } from './participants/last-resource.js';
import { keepOwnership } from './control/ownership.js';
import type { Ownership } from './control/ownership.js';
import { settleAll } from './control/pacing.js';
import { rolledBack } from './attempt/progress.js';
import type { SettlementTarget } from './participants/settlement.js';

/**
 * Takes over the runs whose worker died, or which were taken from it, and ends each as the crash table of protocol
 * section 3 says: before T2 abort and queue again, from T2 on commit, and in between ask the last resource. Begun at the
 * worker's start and several times a second, whether or not those begun before are through: a run whose target is away
 * takes as long as that, and must not keep the others waiting.
 */
export async function recoverRuns(deps: EngineDeps, stop: AbortSignal): Promise<void> {
  const abandoned = await deps.journal.abandoned(deps.settings.leaseMs);
  const results = await settleAll(abandoned, (run) => recoverRun(deps, run, stop), Infinity);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function recoverRun(deps: EngineDeps, run: Run, stop: AbortSignal): Promise<void> {
  const owned = await deps.journal.adopt(run, deps.settings.owner, deps.settings.leaseMs);
  if (owned === null) return;
  deps.telemetry.log.warn('recovering a run that nobody works on', {
    run: run.uuid,
    state: run.state,
    epoch: run.epoch,
  });
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

/** `abandoned` answers runs between T1 and their end only. */
async function finish(deps: EngineDeps, ownership: Ownership, stop: AbortSignal): Promise<void> {
  const { run } = ownership.current;
  const targets = await settlementTargets(deps, ownership.current);
  if (await isBegunElsewhere(deps, targets)) return leaveToAPerson(deps, ownership, targets);
  if (run.state === 'committing') return commitRun(deps, ownership, targets, { held: null, stop });
  if (run.state === 'deciding') return finishDeciding(deps, ownership, targets, stop);
  const outcome = outcomeAfterCrash(deps, run);
  const abort = { outcome, targets, apis: rolledBack(run.apis), stop };
  if (run.state === 'aborting') return settleAbort(deps, ownership, abort);
  return abortRun(deps, ownership, abort);
}

/** Whatever would be done to the targets might be done to somebody who is still at work there. */
function leaveToAPerson(deps: EngineDeps, { current }: Ownership, targets: readonly SettlementTarget[]): Promise<void> {
  const details = 'Begun by another installation, whose control database this is a copy of: it may still be at work';
  const doubts = targets.map((target) => ({ target, ledger: 'not read', details }) as const);
  return markInDoubt(deps, current, doubts, current.run.state === 'committing');
}

/** The last resource has the word: committed → T2, absent → abort, unreachable → wait, which is to be adopted again. */
async function finishDeciding(
  deps: EngineDeps,
  ownership: Ownership,
  targets: readonly SettlementTarget[],
  stop: AbortSignal,
): Promise<void> {
  const last = targets.find(({ participant }) => participant.lastResource);
  if (last === undefined) throw new TypeError('a deciding run without last resource');
  const answer = await askLastResource(deps, ownership, last, stop);
  if (answer === 'unreachable') return;
  if (answer === 'committed') {
    if (await decideAtLast(deps, ownership, stop)) await commitRun(deps, ownership, targets, { held: null, stop });
    return;
  }
  const { run } = ownership.current;
  const apis = rolledBack(run.apis);
  await abortRun(deps, ownership, { outcome: outcomeAfterCrash(deps, run), targets, apis, stop });
}

/** An abort that had begun with an error ends with it; a crash alone is another attempt, as often as allowed. */
function outcomeAfterCrash(deps: EngineDeps, run: Run): AbortOutcome {
  if (run.error !== null) return { kind: 'failed', error: run.error };
  return afterInterruption(deps, run);
}

async function settlementTargets(deps: EngineDeps, { run }: OwnedRun): Promise<readonly SettlementTarget[]> {
  const participants = await deps.journal.participants(run.uuid);
  const reader = deps.journal.reader(run.organizationUuid);
  const endpoints = await reader.endpointsByUuid(participants.map(({ endpointUuid }) => endpointUuid));
  return participants.map((participant) => {
    const endpoint = endpoints.get(participant.endpointUuid);
    if (endpoint === undefined) throw new EdenError('ENDPOINT_NOT_FOUND', { endpoint_id: participant.endpointUuid });
    return { participant, endpoint };
  });
}
