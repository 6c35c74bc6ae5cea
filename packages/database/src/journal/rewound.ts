import { asUuid, RUN_STEPS } from '@eden/domain';
import type { OwnedRun, Run, RunStepData, StoredError, Uuid } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { voidPlans } from '../store/plans.js';
import { readTimeline } from './timeline.js';
import { lockMigrationOf, readRun, takeStep, transition } from './transition.js';

/** Whether a run may have come further than is known, on the timeline on which it was queued. A sync ends in one transaction. */
export async function isRewound(db: Db, { kind, timeline }: Run): Promise<boolean> {
  return kind !== 'sync' && (await readTimeline(db)) !== timeline;
}

/**
 * Runs that may have begun with the API on another timeline, and even committed, of which the control database has forgotten it:
 * what they find to have been decided needs the API as it was.
 */
export async function forgottenRunsOf(db: Db, apiUuid: Uuid): Promise<Prisma.RunWhereInput> {
  const timeline = { not: await readTimeline(db) };
  return { kind: { not: 'sync' }, slot: { not: null }, timeline, migration: { memberships: { some: { apiUuid } } } };
}

export interface Failure {
  readonly error: StoredError;
  readonly reason: string;
}

/** It may have started: the targets are asked before it ends. */
export async function abortUnstarted(db: Db, owned: OwnedRun, { error, reason: why }: Failure): Promise<void> {
  const epoch = (await lockMigrationOf(db, owned)).epoch + 1;
  const reason = reasonOf(why);
  const set = Prisma.sql`error = ${JSON.stringify(error)}::json, reason = ${reason}`;
  const { migrationUuid } = owned.run;
  await transition(db, owned, 'failAfterRewind', { epoch, set, data: { epoch, outcome: RUN_STEPS.fail.to, reason } });
  await db.migration.update({ where: { uuid: migrationUuid }, data: { epoch }, select: { uuid: true } });
}

/** Why the targets are asked about a run of which nothing is known. */
function reasonOf(why: string): string {
  return `${why}, and was queued on another timeline of the control database`;
}

/** The migrate that waits behind a sync, where that sync may have ended on another timeline. */
export async function rewoundBehind(db: Db, migrationUuid: Uuid): Promise<Run | null> {
  const row = await db.run.findFirst({ where: { migrationUuid, slot: 'behind' }, select: { uuid: true } });
  if (row === null) return null;
  const run = await readRun(db, asUuid(row.uuid));
  return (await isRewound(db, run)) ? run : null;
}

interface AbortBehind {
  readonly set: Prisma.Sql;
  readonly data: Omit<RunStepData<'abortBehind'>, 'epoch'>;
}

/**
 * The sync before it is over. It may have run by the plan of that sync, which is forgotten: what plan there is says nothing of
 * it, so that its databases are looked for. Under the lock of the migration.
 */
export async function abortBehind(db: Db, run: Run, { set, data }: AbortBehind): Promise<boolean> {
  const uuid = run.migrationUuid;
  const { epoch: known } = await db.migration.findUniqueOrThrow({ where: { uuid }, select: { epoch: true } });
  const epoch = Number(known) + 1;
  const reason = reasonOf(data.reason);
  const change = { epoch, set: Prisma.sql`${set}, reason = ${reason}`, data: { ...data, epoch, reason } };
  if (!(await takeStep(db, { run }, 'abortBehind', change))) return false;
  await db.migration.update({ where: { uuid }, data: { epoch }, select: { uuid: true } });
  await voidPlans({ db }, [uuid]);
  return true;
}
