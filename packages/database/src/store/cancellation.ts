import { RUN_STEPS, type OrganizationTransactor, type Run } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { hasBegunSteps } from './outside-steps.js';
import { abortBehind, isRewound, rewoundBehind } from '../journal/rewound.js';
import { takeStep } from '../journal/transition.js';
import { notifyReleased } from '../listen.js';
import type { Scope } from '../scope.js';

/*
 * A cancel against everything else that moves the run: each arrow is one compare-and-set on states that the others
 * leave or enter in theirs. T2 and the cancel both lock the migration first, so one of them finds the other's epoch.
 */

/** What the history says that the abort is for. */
const CANCELLED = RUN_STEPS.cancel.to;
const STEPPING = RUN_STEPS.beginSteps.to;

export interface Cancel {
  readonly db: Db;
  readonly run: Run;
  readonly actor: string;
}

export function runCancellation(scope: Scope): Pick<OrganizationTransactor, 'cancelRun'> {
  return { cancelRun: (run, actor) => cancelRun(scope, run, actor) };
}

/** Under the lock of the migration. */
async function cancelRun({ db }: Scope, run: Run, actor: string): Promise<boolean> {
  const cancel: Cancel = { db, run, actor };
  const isCancelled =
    (await takeStepsBack(cancel)) ||
    (await cancelRewoundBehind(cancel)) ||
    (await cancelUntouched(cancel)) ||
    (await beginUndo(cancel)) ||
    (await endInsteadOfRequeue(cancel));
  if (isCancelled) await notifyReleased(db, run.uuid);
  return isCancelled;
}

/**
 * Whoever has claimed it finds its owner gone. A sync changes nothing before the one transaction that ends it. Another run
 * may have started, on the timeline on which it was queued: on another one the targets are asked before it ends.
 */
export async function cancelUntouched(cancel: Cancel): Promise<boolean> {
  const { db, run } = cancel;
  if (!(await isRewound(db, run))) return end(cancel);
  return (await undo(cancel, 'cancelAfterRewind')) || end(cancel, Prisma.sql`slot = 'behind'`);
}

function end({ db, run, actor }: Cancel, where = Prisma.sql`true`): Promise<boolean> {
  return takeStep(db, { run }, 'cancel', { set: cancelledBy(actor), where, data: { cancelled_by: actor } });
}

/**
 * Of a run that is at its steps, or has done some and not come to T1 since. One that was queued on another timeline may have
 * come to T1 there: what it has done is taken back once the targets were asked.
 */
async function takeStepsBack(cancel: Cancel): Promise<boolean> {
  const { db, run } = cancel;
  const hasSteps = run.state === STEPPING || (await hasBegunSteps(db, run));
  return hasSteps && !(await isRewound(db, run)) && undo(cancel, 'cancelSteps');
}

/** Of a migrate that may have run behind the sync before it: the targets are asked, as soon as that is over. */
async function cancelRewoundBehind({ db, run, actor }: Cancel): Promise<boolean> {
  const { uuid, migrationUuid } = run;
  const rewound = await rewoundBehind(db, migrationUuid);
  if (rewound?.uuid !== uuid) return false;
  const sync = await db.run.findFirst({ where: { migrationUuid, slot: 'active' }, select: { uuid: true } });
  const set = Prisma.sql`cancelled_by = ${actor}`;
  if (sync !== null) return takeStep(db, { run }, 'cancelBehind', { set });
  return abortBehind(db, run, { set, data: { outcome: CANCELLED, cancelled_by: actor, reason: reasonOf(actor) } });
}

/** The decision with a raised epoch, as every abort begins; without an owner, so that any worker may go on at once. */
function beginUndo(cancel: Cancel): Promise<boolean> {
  return undo(cancel, 'cancelAttempt');
}

async function undo(
  { db, run, actor }: Cancel,
  name: 'cancelAttempt' | 'cancelAfterRewind' | 'cancelSteps',
): Promise<boolean> {
  const where = { uuid: run.migrationUuid };
  const migration = await db.migration.findUniqueOrThrow({ where, select: { epoch: true } });
  const epoch = Number(migration.epoch) + 1;
  const data = { epoch, outcome: CANCELLED, cancelled_by: actor, reason: reasonOf(actor) };
  const isBegun = await takeStep(db, { run }, name, { epoch, set: cancelledBy(actor), data });
  if (isBegun) await db.migration.update({ where, data: { epoch }, select: { uuid: true } });
  return isBegun;
}

/** An abort that would have queued the run again goes on with whoever has it. */
function endInsteadOfRequeue({ db, run, actor }: Cancel): Promise<boolean> {
  const data = { epoch: run.epoch, outcome: CANCELLED, cancelled_by: actor, reason: reasonOf(actor) };
  const where = Prisma.sql`error IS NULL`;
  return takeStep(db, { run }, 'cancelRequeue', { set: cancelledBy(actor), where, data });
}

function cancelledBy(actor: string): Prisma.Sql {
  return Prisma.sql`cancelled_by = ${actor}, reason = ${reasonOf(actor)}`;
}

function reasonOf(actor: string): string {
  return `was cancelled by ${actor}`;
}
