import pMap from 'p-map';
import type { HeldWriteLock } from '@eden/domain';
import { settleAll } from '../control/pacing.js';
import { endOlderLeases } from '../control/write-lock.js';
import { classOf } from '../participants/classes.js';
import { InDoubt } from '../participants/doubt.js';
import type { Participant, Settling } from '../participants/participant.js';
import { closeAll } from '../participants/participant.js';
import { withSettlement } from '../participants/settlement.js';
import { markInDoubt } from './in-doubt.js';

/** After this long the Redis lock is given back: from then on the gates in the targets alone hold readers off. */
const HOLD_LOCK_MS = 5_000;

/** The run's write lock, which executions wait for, and since when (on the clock of `elapsedMs`). */
export interface HeldByRun {
  readonly lock: HeldWriteLock;
  readonly since: number;
}

/**
 * From T2 to T3: every participant commits, for as long as it takes, then the run is `succeeded`. Closes the sessions.
 * @param held Null for a run that was adopted.
 */
export async function commitRun(settling: Settling, held: HeldByRun | null): Promise<void> {
  const { deps, participants } = settling;
  try {
    if (!(await commitAll(settling, held))) return;
    await releaseLock(settling, held);
    await pMap(participants, (each) => deleteLedger(settling, each), { concurrency: deps.settings.maxParallel });
  } finally {
    await closeAll(participants);
  }
}

/** Answers whether the run is complete. */
async function commitAll(settling: Settling, held: HeldByRun | null): Promise<boolean> {
  const { deps, ownership, stop } = settling;
  const wasHeldAtT2 = held?.lock.confirm() ?? Promise.resolve(false);
  const cancelRelease = deps.clock.after(HOLD_LOCK_MS, () => void held?.lock.release());
  try {
    const results = await commitParticipants(settling);
    if (!(await wasHeldAtT2)) {
      await held?.lock.release();
      if (!(await endOlderLeases(deps, ownership, stop))) return false;
    }
    return await finish(settling, results);
  } finally {
    cancelRelease();
  }
}

/** Answers whether each has committed. */
async function commitParticipants(settling: Settling): Promise<readonly PromiseSettledResult<boolean>[]> {
  const notes: Promise<void>[] = [];
  const commit = async (participant: Participant): Promise<boolean> => {
    const answer = await classOf(participant).commit(settling, participant);
    if (answer === 'committed') notes.push(noteCommitted(settling, participant));
    return answer !== 'left';
  };
  const results = await settleAll(settling.participants, commit, settling.deps.settings.maxParallel);
  await Promise.all(notes);
  return results;
}

async function releaseLock({ deps }: Settling, held: HeldByRun | null): Promise<void> {
  if (held === null) return;
  await held.lock.release();
  deps.telemetry.apiPaused(deps.clock.elapsedMs() - held.since);
}

/**
 * A doubt about one database keeps none of the others from committing: the decision has fallen.
 * Answers whether the run is complete.
 */
async function finish(settling: Settling, results: readonly PromiseSettledResult<boolean>[]): Promise<boolean> {
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const doubts = errors.filter((error) => error instanceof InDoubt).map(({ doubt }) => doubt);
  const [unexpected] = errors.filter((error) => !(error instanceof InDoubt));
  if (unexpected !== undefined) throw unexpected;
  const isUnfinished = results.some((result) => result.status === 'fulfilled' && !result.value);
  if (isUnfinished) return false;
  if (doubts.length === 0) await complete(settling);
  else await markInDoubt(settling.deps, settling.ownership.current, doubts, true);
  return doubts.length === 0;
}

/** For whoever looks at the run while another target is away; nothing depends on it, and no other commit waits for it. */
async function noteCommitted({ deps, ownership }: Settling, { row, endpoint }: Participant): Promise<void> {
  const data = { database: row.database.name, endpoint_id: endpoint.id };
  try {
    await deps.journal.recordEvent(ownership.current, 'target_committed', data);
  } catch (error) {
    const fields = { run: ownership.current.run.uuid, ...data, reason: String(error) };
    deps.telemetry.log.warn('commit of a target not noted', fields);
  }
}

async function complete({ deps, ownership }: Settling): Promise<void> {
  const { run } = ownership.current;
  await deps.crashPoints.reach('before-complete');
  await deps.journal.complete(ownership.current);
  deps.telemetry.runFinished(run.kind, 'succeeded', { run: run.uuid, migration: run.migrationId });
}

/** Nothing depends on it any more: a ledger row that stays is a few bytes. */
async function deleteLedger({ deps, ownership }: Settling, { session, endpoint }: Participant): Promise<void> {
  const { uuid } = ownership.current.run;
  try {
    if (await session?.deleteLedger()) return;
    await withSettlement(deps, endpoint, (settlement) => settlement.deleteLedger(uuid));
  } catch (error) {
    deps.telemetry.log.warn('ledger row not removed', { run: uuid, reason: String(error) });
  }
}
