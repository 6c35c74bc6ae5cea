import type { HeldWriteLock } from '@eden/domain';
import { honour } from '../control/decide.js';
import { settleAll } from '../control/pacing.js';
import { endOlderLeases } from '../control/write-lock.js';
import { classOf } from '../participants/classes.js';
import { InDoubt } from '../participants/doubt.js';
import type { Participant, Settling } from '../participants/participant.js';
import { closeAll } from '../participants/participant.js';
import { witnessAmong } from '../participants/witness.js';
import { noteSchemas } from '../plan/schemas.js';
import { CommitNotes } from './commit-notes.js';
import { markInDoubt } from './in-doubt.js';
import { afterInterruption, type Turn } from './turn.js';

/** After this long the Redis lock is given back: from then on the gates in the targets alone hold readers off. */
const HOLD_LOCK_MS = 5_000;

/** The run's write lock, which executions wait for, and since when (on the clock of `elapsedMs`). */
export interface HeldByRun {
  readonly lock: HeldWriteLock;
  readonly since: number;
}

/**
 * From T2 to T3: the witness commits, then every other participant, for as long as it takes, then the run is `succeeded`.
 * The ledgers stay for as long as the run's history does. Closes the sessions.
 * @param held Null for a run that was adopted.
 * @returns `turned` when the witness shows that the decision is another one
 */
export async function commitRun(settling: Settling, held: HeldByRun | null): Promise<Turn> {
  try {
    return await commitAll(settling, held);
  } finally {
    await closeAll(settling.participants);
  }
}

async function commitAll(settling: Settling, held: HeldByRun | null): Promise<Turn> {
  const { deps, ownership, stop } = settling;
  const wasHeldAtT2 = held?.lock.confirm() ?? Promise.resolve(false);
  const cancelRelease = deps.clock.after(HOLD_LOCK_MS, () => void held?.lock.release());
  try {
    const notes = new CommitNotes(deps, ownership);
    const witness = await commitWitness(settling, notes);
    if (witness !== 'committed') return witness;
    const results = await commitOthers(settling, notes);
    if (!(await wasHeldAtT2)) {
      await held?.lock.release();
      if (!(await endOlderLeases(deps, ownership, stop))) return 'left';
    }
    return await finish(settling, { held, notes, results });
  } finally {
    cancelRelease();
  }
}

/**
 * Alone, and first: what it has not committed nobody has. Where it has nothing of this attempt, its ledger tells what the
 * decision is, which was forgotten.
 */
async function commitWitness(settling: Settling, notes: CommitNotes): Promise<'committed' | Exclude<Turn, 'ended'>> {
  const witness = witnessAmong(settling.participants);
  if (witness === undefined) return 'committed';
  try {
    const answer = await classOf(witness).commit(settling, witness);
    if (answer === 'left') return 'left';
    notes.note(witness);
    return 'committed';
  } catch (error) {
    if (!(error instanceof InDoubt)) throw error;
    await turn(settling, error);
    return 'turned';
  }
}

async function turn(settling: Settling, { committed: [token] }: InDoubt): Promise<void> {
  if (token !== undefined) return honour(settling, token);
  const { deps, ownership } = settling;
  const { run } = ownership.current;
  deps.telemetry.log.warn('the witness has nothing of a run that was decided: it is undone', { run: run.uuid });
  const reason = 'was decided, and the database that commits first has nothing of it';
  await ownership.advance((owned) => deps.journal.recant(owned, afterInterruption(deps, run, { reason })));
}

/** Answers whether each has committed. */
async function commitOthers(settling: Settling, notes: CommitNotes): Promise<readonly PromiseSettledResult<boolean>[]> {
  const witness = witnessAmong(settling.participants);
  const commit = async (participant: Participant): Promise<boolean> => {
    const answer = await classOf(participant).commit(settling, participant);
    if (answer === 'committed') notes.note(participant);
    return answer !== 'left';
  };
  const others = settling.participants.filter((each) => each !== witness);
  return settleAll(others, commit, settling.deps.settings.maxParallel);
}

async function releaseLock({ deps }: Settling, held: HeldByRun | null): Promise<void> {
  if (held === null) return;
  await held.lock.release();
  deps.telemetry.apiPaused(deps.clock.elapsedMs() - held.since);
}

interface Committed {
  readonly held: HeldByRun | null;
  readonly notes: CommitNotes;
  readonly results: readonly PromiseSettledResult<boolean>[];
}

/**
 * A doubt about one database keeps none of the others from committing: the decision has fallen.
 */
async function finish(settling: Settling, { held, notes, results }: Committed): Promise<Turn> {
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const doubts = errors.filter((error) => error instanceof InDoubt).map(({ doubt }) => doubt);
  const [unexpected] = errors.filter((error) => !(error instanceof InDoubt));
  const isUnfinished = results.some((result) => result.status === 'fulfilled' && !result.value);
  // Nobody waits for what is told of the commits, nor while the schemas are read.
  if (errors.length === 0 && !isUnfinished) await releaseLock(settling, held);
  await notes.written();
  if (unexpected !== undefined) throw unexpected;
  if (isUnfinished) return 'left';
  if (doubts.length === 0) {
    await complete(settling);
    return 'ended';
  }
  await markInDoubt(settling.deps, settling.ownership.current, doubts, true);
  return 'left';
}

async function complete({ deps, ownership, participants }: Settling): Promise<void> {
  const { run } = ownership.current;
  const steps = await deps.journal.reader(run.organizationUuid).outsideSteps(run.uuid);
  if (steps.some(({ phase }) => phase === 'after')) return deps.journal.beginLastSteps(ownership.current);
  await deps.crashPoints.reach('before-complete');
  await noteSchemas(
    deps,
    ownership.current,
    participants.map(({ row, endpoint }) => ({ ...row, endpoint })),
  );
  await deps.journal.complete(ownership.current);
  deps.telemetry.runFinished(run.kind, 'succeeded', { run: run.uuid, migration: run.migrationId });
}
