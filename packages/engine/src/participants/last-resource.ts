import type { Attempt } from '../attempt/attempt.js';
import { whileSettling } from '../attempt/attempt.js';
import { decideAtLast, enterDeciding } from '../control/decide.js';
import type { EngineDeps } from '../deps.js';
import type { Ownership } from '../control/ownership.js';
import type { Participant } from '../attempt/participants.js';
import { untilSettled } from './settlement.js';
import type { SettlementTarget } from './settlement.js';

/*
 * One participant that cannot be prepared may decide the run by its own COMMIT (protocol section 3, last resource):
 *
 *   all others prepared ─▶ deciding ─▶ COMMIT ─▶ T2 ─▶ COMMIT PREPARED everywhere else
 *                                        │ no answer: end its session, raise its fence, read its ledger
 *                                        ├─ the row is there ─▶ T2
 *                                        ├─ it is not ─▶ abort
 *                                        └─ unreachable ─▶ nothing; whoever adopts the run asks again
 */

/** What the ledger says of a last resource's COMMIT; `unreachable` when it could not be asked in time. */
export type LedgerAnswer = 'committed' | 'absent' | 'unreachable';

/**
 * `refused`: nothing has committed, `error` says why. `left`: the run is left, deciding, to whoever adopts it.
 */
export type Decision = { readonly kind: 'decided' | 'left' } | { readonly kind: 'refused'; readonly error: unknown };

/** From the PREPAREs of all others to T2. Once COMMIT has been sent, no error leads to an abort but through the ledger. */
export async function decideByLastResource(
  attempt: Attempt,
  last: Participant,
  parallelExecutionMs: number,
): Promise<Decision> {
  const { deps, ownership } = attempt;
  await deps.crashPoints.reach('before-deciding');
  try {
    await enterDeciding(deps, ownership, parallelExecutionMs);
  } catch (error) {
    return { kind: 'refused', error };
  }
  await deps.crashPoints.reach('after-deciding');
  const stop = whileSettling(attempt);
  const { answer, error } = await commitLast(attempt, last, stop);
  if (answer === 'absent') return { kind: 'refused', error };
  if (answer === 'unreachable') return { kind: 'left' };
  await deps.crashPoints.reach('after-last-resource');
  return { kind: (await decideAtLast(deps, ownership, stop)) ? 'decided' : 'left' };
}

interface Committed {
  readonly answer: LedgerAnswer;
  /** What met the COMMIT where the ledger had to be asked. */
  readonly error?: unknown;
}

async function commitLast(attempt: Attempt, { session, number }: Participant, stop: AbortSignal): Promise<Committed> {
  const { deps, ownership, targets } = attempt;
  const target = targets[number];
  if (target === undefined) throw new TypeError('a participant without target');
  try {
    await session.commit();
    return { answer: 'committed' };
  } catch (error) {
    const fields = { run: ownership.current.run.uuid, participant: number, reason: String(error) };
    deps.telemetry.log.warn('commit of the last resource not answered, asking its ledger', fields);
    await session.close();
    return { answer: await askLastResource(deps, ownership, target, stop), error };
  } finally {
    await session.close();
  }
}

/**
 * Whether the last resource of a `deciding` run has committed. Its sessions are ended and its fence is raised first,
 * which waits out a COMMIT in flight: after that nothing can change the answer.
 */
export async function askLastResource(
  deps: EngineDeps,
  ownership: Ownership,
  target: SettlementTarget,
  stop: AbortSignal,
): Promise<LedgerAnswer> {
  const { uuid, migrationUuid, epoch } = ownership.current.run;
  let isCommitted = false;
  const isAsked = await untilSettled(deps, target, stop, async (settlement) => {
    await settlement.endBackends(uuid, epoch + 1);
    await settlement.raiseFence(migrationUuid, epoch + 1);
    isCommitted = await settlement.readLedger(uuid, epoch, target.participant.number);
  });
  if (!isAsked) return 'unreachable';
  return isCommitted ? 'committed' : 'absent';
}
