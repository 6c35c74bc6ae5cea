import type { OrganizationTransactor, Run } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { appendEvent, finished } from '../journal/transition.js';
import { notifyReleased } from '../listen.js';
import type { Scope } from '../scope.js';

/*
 * A cancel against everything else that moves the run: each arrow is one compare-and-set on states that the others
 * leave or enter in theirs. T2 and the cancel both lock the migration first, so one of them finds the other's epoch.
 */

interface Cancel {
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
  const isCancelled = (await end(cancel)) || (await beginUndo(cancel)) || (await endInsteadOfRequeue(cancel));
  if (isCancelled) await notifyReleased(db, run.uuid);
  return isCancelled;
}

/** Whoever has claimed it finds its owner gone. A sync changes nothing before the one transaction that ends it. */
function end({ db, run, actor }: Cancel): Promise<boolean> {
  return move(
    db,
    Prisma.sql`
      UPDATE runs SET ${finished('cancelled')}, cancelled_by = ${actor}, event_count = event_count + 1
       WHERE uuid = ${run.uuid}::uuid
         AND (state IN ('queued', 'waiting_for_lock') OR (kind = 'sync' AND state = 'running'))`,
    appendEvent('finished', { state: 'cancelled', cancelled_by: actor }),
  );
}

/** The decision with a raised epoch, as every abort begins; without an owner, so that any worker may go on at once. */
async function beginUndo({ db, run, actor }: Cancel): Promise<boolean> {
  const epoch = run.epoch + 1;
  const begun = await move(
    db,
    Prisma.sql`
      UPDATE runs SET state = 'aborting', epoch = ${epoch}, owner = NULL, heartbeat_at = NULL,
                      cancelled_by = ${actor}, event_count = event_count + 1
       WHERE uuid = ${run.uuid}::uuid AND epoch = ${run.epoch} AND state = 'running' AND kind <> 'sync'`,
    appendEvent('aborting', { epoch, outcome: 'cancelled', cancelled_by: actor }),
  );
  if (begun) await db.migration.update({ where: { uuid: run.migrationUuid }, data: { epoch }, select: { uuid: true } });
  return begun;
}

/** An abort that would have queued the run again goes on with whoever has it. */
function endInsteadOfRequeue({ db, run, actor }: Cancel): Promise<boolean> {
  return move(
    db,
    Prisma.sql`
      UPDATE runs SET cancelled_by = ${actor}, event_count = event_count + 1
       WHERE uuid = ${run.uuid}::uuid AND state = 'aborting' AND error IS NULL`,
    appendEvent('aborting', { epoch: run.epoch, outcome: 'cancelled', cancelled_by: actor }),
  );
}

async function move(db: Db, update: Prisma.Sql, event: Prisma.Sql): Promise<boolean> {
  const moved = await db.$executeRaw(Prisma.sql`
    WITH moved AS (${update} RETURNING organization_uuid, uuid, event_count) ${event}`);
  return moved === 1;
}
