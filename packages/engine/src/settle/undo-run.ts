import { CommittedBefore } from '@eden/domain';
import type { AbortOutcome, Fenced, RunApiChange } from '@eden/domain';
import { honour } from '../control/decide.js';
import { settleAll } from '../control/pacing.js';
import { classOf } from '../participants/classes.js';
import { committedAlone, type Doubt } from '../participants/doubt.js';
import type { Participant, Settling } from '../participants/participant.js';
import { witnessAmong } from '../participants/witness.js';
import { ForgottenCommit, isUnplanned, undoUnplanned } from './forgotten-commit.js';
import { markInDoubt } from './in-doubt.js';
import type { Turn } from './turn.js';

export interface Abort {
  /** Unless somebody cancels the run meanwhile. */
  readonly outcome: AbortOutcome;
  /** What became of the APIs, as far as this process knows. */
  readonly changes: () => Promise<readonly RunApiChange[]>;
}

/**
 * The second half of an abort, of a run that is `aborting`: every participant, the witness first, then the end of the
 * run. Others wait for the targets: these come before what is recorded.
 * @returns `turned` when the run has been committed after all, or the control database was rewound meanwhile
 */
export async function undoRun(settling: Settling, abort: Abort): Promise<Turn> {
  const { deps } = settling;
  const timeline = await deps.journal.timeline();
  try {
    const undone = await (isUnplanned(settling) ? undoUnknown(settling) : undoAll(settling));
    return undone === null ? 'left' : await finish(settling, abort, { ...undone, timeline });
  } catch (error) {
    if (!(error instanceof CommittedBefore)) throw error;
    const { participants } = error instanceof ForgottenCommit ? error : settling;
    await honour({ ...settling, participants }, error.token);
    return 'turned';
  }
}

interface Undone {
  /** The newest fence among the databases. */
  readonly fence: number;
  readonly doubts: readonly Doubt[];
}

async function undoUnknown(settling: Settling): Promise<Undone | null> {
  const fence = await undoUnplanned(settling);
  return fence === null ? null : { fence, doubts: [] };
}

/** Answers null when some database was left to others. @throws CommittedBefore */
async function undoAll(settling: Settling): Promise<Undone | null> {
  const { participants, isUnsent } = settling;
  const witness = witnessAmong(participants);
  const first = isUnsent || witness === undefined ? [] : [witness];
  const asked = await undoEach(settling, first);
  if (asked === null) return null;
  const others = participants.filter((each) => !first.includes(each));
  const undone = await undoEach(settling, others);
  if (undone === null) return null;
  const all = [...asked, ...undone];
  return { fence: Math.max(0, ...all.map(({ fence }) => fence)), doubts: doubtsOf(all) };
}

interface UndoneParticipant extends Fenced {
  readonly participant: Participant;
}

/** Any ledger row of the run at its witness means that it has been committed. */
async function undoEach(
  settling: Settling,
  participants: readonly Participant[],
): Promise<readonly UndoneParticipant[] | null> {
  const witness = witnessAmong(settling.participants);
  const undoOne = async (participant: Participant): Promise<UndoneParticipant | null> => {
    const fenced = await classOf(participant).abort(settling, participant);
    const [committed] = fenced?.ledger ?? [];
    if (participant === witness && committed !== undefined) throw new CommittedBefore(committed.token);
    return fenced === null ? null : { ...fenced, participant };
  };
  const results = await settleAll(participants, undoOne, settling.deps.settings.maxParallel);
  const undone = results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
  return undone.every((each) => each !== null) ? undone : null;
}

function doubtsOf(undone: readonly UndoneParticipant[]): readonly Doubt[] {
  return undone.filter(({ ledger }) => ledger.length > 0).map(({ participant }) => committedAlone(participant));
}

async function finish(
  settling: Settling,
  abort: Abort,
  { timeline, fence, doubts }: Undone & { readonly timeline: string },
): Promise<Turn> {
  const { deps, ownership } = settling;
  if (doubts.length > 0) {
    if ((await deps.journal.timeline()) !== timeline) return 'turned';
    await markInDoubt(deps, ownership.current, doubts, false);
    return 'left';
  }
  const changes = await abort.changes();
  if (changes.length > 0) await deps.journal.recordApis(ownership.current, changes);
  await deps.crashPoints.reach('before-finish-abort');
  const end = await deps.journal.finishAbort(ownership.current, abort.outcome, { timeline, fence });
  if (end === null) return 'turned';
  if (end === 'compensating') return 'ended';
  reportEnd(settling, abort.outcome, end);
  return 'ended';
}

function reportEnd(
  { deps, ownership }: Settling,
  outcome: AbortOutcome,
  end: 'failed' | 'cancelled' | 'requeued',
): void {
  const { uuid, migrationId, kind } = ownership.current.run;
  const { error } = end === 'failed' && outcome.kind === 'failed' ? outcome : { error: null };
  deps.telemetry.runFinished(kind, end, {
    run: uuid,
    migration: migrationId,
    reason: outcome.reason,
    ...(error === null ? {} : { code: error.code, ...error.context }),
  });
}
