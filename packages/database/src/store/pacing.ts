import type { OrganizationTransactor, Run, RunTuning } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { appendEvent, takeStep } from '../journal/transition.js';
import { notifyReleased } from '../listen.js';
import type { Scope } from '../scope.js';

/* What people do to the pace of a run, under the lock of its migration: each is one compare-and-set. */

export function runPacing(scope: Scope): Pick<OrganizationTransactor, 'pauseRun' | 'resumeRun' | 'tuneRun'> {
  return {
    pauseRun: (run, actor) => pauseRun(scope.db, run, actor),
    resumeRun: (run, actor) => resumeRun(scope, run, actor),
    tuneRun: (run, actor, tuning) => tuneRun(scope.db, run, { actor, tuning }),
  };
}

/** Whoever is at it finds its owner gone, and what has not committed is gone with its session. */
async function pauseRun(db: Db, run: Run, actor: string): Promise<boolean> {
  const reason = `was paused by ${actor}`;
  const set = Prisma.sql`reason = ${reason}`;
  const isPaused = await takeStep(db, { run }, 'pause', { set, data: { actor, reason } });
  if (isPaused) await notifyReleased(db, run.uuid);
  return isPaused;
}

/** As a request that is accepted, on the timeline on which it was: behind a failover it may have come to T1 there. */
async function resumeRun({ db, organizationUuid }: Scope, run: Run, actor: string): Promise<boolean> {
  const reason = `was resumed by ${actor}, and waits for a worker`;
  const set = Prisma.sql`reason = ${reason}, waiting_since = NULL, not_before = NULL`;
  const isResumed = await takeStep(db, { run }, 'resume', { set, data: { actor, reason } });
  if (!isResumed) return false;
  // Whoever was stopped in the middle of a try has not failed.
  await db.outsideStep.updateMany({ where: { runUuid: run.uuid, failures: { gt: 0 } }, data: { failures: 0 } });
  await db.outboxMessage.create({ data: { organizationUuid, runUuid: run.uuid } });
  return true;
}

/** Whoever is at it hears of it when it next tells how far it has got. */
async function tuneRun(
  db: Db,
  { uuid }: Run,
  told: { readonly actor: string; readonly tuning: RunTuning },
): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1, tuning = ${JSON.stringify(told.tuning)}::json
       WHERE uuid = ${uuid}::uuid
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('tuned', told)}`);
}
