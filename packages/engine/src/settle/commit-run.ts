import pMap from 'p-map';
import type { HeldWriteLock, ParticipantSession, Settlement } from '@eden/domain';
import type { EngineDeps } from '../deps.js';
import type { Ownership } from '../control/ownership.js';
import { markInDoubt } from './in-doubt.js';
import type { Doubt } from './in-doubt.js';
import { settleAll } from '../control/pacing.js';
import { endOlderLeases } from '../control/write-lock.js';
import { untilSettled, withSettlement } from '../participants/settlement.js';
import type { SettlementTarget } from '../participants/settlement.js';

/** After this long the Redis lock is given back: from then on the gates in the targets alone hold readers off. */
const HOLD_LOCK_MS = 5_000;

/** A participant's database; `session` is there where this process has prepared its transaction. */
export interface CommitTarget extends SettlementTarget {
  readonly session?: ParticipantSession;
}

/** The run's write lock, which executions wait for, and since when (on the clock of `performance.now()`). */
export interface HeldByRun {
  readonly lock: HeldWriteLock;
  readonly since: number;
}

interface Commit {
  /** Null for a run that was adopted. */
  readonly held: HeldByRun | null;
  readonly stop: AbortSignal;
}

/**
 * From T2 to T3: COMMIT PREPARED everywhere, for as long as it takes, then `succeeded`. (A last resource has committed.)
 * What is unfinished when `stop` aborts is finished by whoever adopts the run. Closes the sessions.
 */
export async function commitRun(
  deps: EngineDeps,
  ownership: Ownership,
  targets: readonly CommitTarget[],
  commit: Commit,
): Promise<void> {
  try {
    if (!(await commitAll(deps, ownership, targets, commit))) return;
    await letExecutionsIn(deps, commit.held);
    await pMap(targets, (target) => deleteLedger(deps, ownership, target), { concurrency: deps.settings.maxParallel });
  } finally {
    await Promise.all(targets.flatMap(({ session }) => session?.close() ?? []));
  }
}

/** Answers whether the run is complete. */
async function commitAll(
  deps: EngineDeps,
  ownership: Ownership,
  targets: readonly CommitTarget[],
  { held, stop }: Commit,
): Promise<boolean> {
  const wasHeldAtT2 = held?.lock.confirm() ?? Promise.resolve(false);
  const giveLockBack = setTimeout(() => void held?.lock.release(), HOLD_LOCK_MS);
  try {
    const notes: Promise<void>[] = [];
    const commit = async (target: CommitTarget): Promise<boolean> => {
      const done = await commitTarget(deps, ownership, target, stop);
      if (done) notes.push(noteCommitted(deps, ownership, target));
      return done;
    };
    const prepared = targets.filter(({ participant }) => !participant.lastResource);
    const results = await settleAll(prepared, commit, deps.settings.maxParallel);
    await Promise.all(notes);
    if (!(await wasHeldAtT2)) {
      await held?.lock.release();
      if (!(await endOlderLeases(deps, ownership, stop))) return false;
    }
    return await finish(deps, ownership, results);
  } finally {
    clearTimeout(giveLockBack);
  }
}

async function letExecutionsIn(deps: EngineDeps, held: HeldByRun | null): Promise<void> {
  if (held === null) return;
  await held.lock.release();
  deps.telemetry.apiPaused(performance.now() - held.since);
}

/**
 * A doubt about one database keeps none of the others from committing: the decision has fallen.
 * Answers whether the run is complete.
 */
async function finish(
  deps: EngineDeps,
  ownership: Ownership,
  results: readonly PromiseSettledResult<boolean>[],
): Promise<boolean> {
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const doubts = errors.filter((error) => error instanceof InDoubt);
  const [unexpected] = errors.filter((error) => !(error instanceof InDoubt));
  if (unexpected !== undefined) throw unexpected;
  const isUnfinished = results.some((result) => result.status === 'fulfilled' && !result.value);
  if (isUnfinished) return false;
  if (doubts.length === 0) await complete(deps, ownership);
  else await markInDoubt(deps, ownership.current, doubts.map(doubtOf), true);
  return doubts.length === 0;
}

async function commitTarget(
  deps: EngineDeps,
  ownership: Ownership,
  target: CommitTarget,
  stop: AbortSignal,
): Promise<boolean> {
  const { number, preparedId } = target.participant;
  await deps.crashPoints.reach('before-commit-prepared', number);
  const done =
    (await commitOnSession(deps, target)) ||
    (await untilSettled(deps, target, stop, async (settlement) => {
      const answer = await settlement.commitPrepared(preparedId);
      if (answer === 'missing') await assertCommitted(deps, ownership, target, settlement);
    }));
  await deps.crashPoints.reach('after-commit-prepared', number);
  return done;
}

/** For whoever looks at the run while another target is away; nothing depends on it, and no other commit waits for it. */
async function noteCommitted(
  deps: EngineDeps,
  { current }: Ownership,
  { participant, endpoint }: CommitTarget,
): Promise<void> {
  const data = { database: participant.databaseName, endpoint_id: endpoint.id };
  try {
    await deps.journal.recordEvent(current, 'target_committed', data);
  } catch (error) {
    deps.telemetry.log.warn('commit of a target not noted', { run: current.run.uuid, ...data, reason: String(error) });
  }
}

/** The fast path. Whatever it cannot finish, the settlement does, on a session of its own. */
async function commitOnSession(deps: EngineDeps, { session, participant }: CommitTarget): Promise<boolean> {
  if (session === undefined) return false;
  try {
    return (await session.commitPrepared()) === 'committed';
  } catch (error) {
    deps.telemetry.log.warn('commit on the preparing session failed', {
      participant: participant.preparedId,
      reason: String(error),
    });
    await session.close();
    return false;
  }
}

class InDoubt extends Error {
  readonly target: SettlementTarget;

  constructor(target: SettlementTarget) {
    super('neither prepared nor committed');
    this.target = target;
  }
}

function doubtOf({ target }: InDoubt): Doubt {
  const details = 'Neither prepared nor in the ledger: it was settled by hand, or the target was restored';
  return { target, ledger: 'absent', details };
}

/** An unknown id is fine when its ledger is there, or when somebody finished the run and removed the ledger. */
async function assertCommitted(
  deps: EngineDeps,
  { current: { run } }: Ownership,
  target: SettlementTarget,
  settlement: Settlement,
): Promise<void> {
  if (await settlement.readLedger(run.uuid, run.epoch, target.participant.number)) return;
  const now = await deps.journal.state(run.uuid);
  if (now?.state !== 'succeeded') throw new InDoubt(target);
}

async function complete(deps: EngineDeps, ownership: Ownership): Promise<void> {
  const { run } = ownership.current;
  await deps.crashPoints.reach('before-complete');
  await deps.journal.complete(ownership.current);
  deps.telemetry.runFinished(run.kind, 'succeeded', { run: run.uuid, migration: run.migrationId });
}

/** Nothing depends on it any more: a ledger row that stays is a few bytes. */
async function deleteLedger(
  deps: EngineDeps,
  { current: { run } }: Ownership,
  { session, endpoint }: CommitTarget,
): Promise<void> {
  try {
    if (await session?.deleteLedger()) return;
    await withSettlement(deps, endpoint, (settlement) => settlement.deleteLedger(run.uuid));
  } catch (error) {
    deps.telemetry.log.warn('ledger row not removed', { run: run.uuid, reason: String(error) });
  }
}
