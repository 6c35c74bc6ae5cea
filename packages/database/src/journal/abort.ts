import { asUuid, type AbortOutcome, type OwnedRun, type RunJournal, type StoredError } from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { failBehind } from './endings.js';
import { finished, lockMigrationOf, moveMigration, readRun, transition } from './transition.js';

/** Presumed abort (protocol section 3): the decision with a raised epoch first, the end when all targets are clean. */
export function aborts(client: Client): Pick<RunJournal, 'beginAbort' | 'finishAbort'> {
  return {
    beginAbort: (owned, outcome) => transaction(client, (tx) => beginAbort(tx, owned, outcome)),
    finishAbort: (owned, outcome) => transaction(client, (tx) => finishAbort(tx, owned, outcome)),
  };
}

function errorOf(end: End): Prisma.Sql {
  const error: StoredError | null = end.kind === 'failed' ? end.error : null;
  return error === null ? Prisma.sql`NULL` : Prisma.sql`${JSON.stringify(error)}::json`;
}

async function beginAbort(db: Db, owned: OwnedRun, outcome: AbortOutcome): Promise<OwnedRun> {
  const { run, owner } = owned;
  const epoch = run.epoch + 1;
  await moveMigration(db, owned, Prisma.sql`epoch = ${epoch}`);
  await transition(db, owned, {
    // An owner who does not know that the run is deciding has not asked the ledger of its last resource.
    from: [run.state === 'deciding' ? 'deciding' : 'running'],
    set: Prisma.sql`state = 'aborting', epoch = ${epoch}, error = ${errorOf(outcome)}, heartbeat_at = now()`,
    event: 'aborting',
    data: { epoch, outcome: outcome.kind },
  });
  return { run: await readRun(db, run.uuid), owner };
}

/** `cancelled`: whatever the one who aborts has in mind, somebody wants no more of the run. */
type End = AbortOutcome | { readonly kind: 'cancelled' };

async function finishAbort(
  db: Db,
  owned: OwnedRun,
  outcome: AbortOutcome,
): Promise<'failed' | 'cancelled' | 'requeued'> {
  const { run } = owned;
  await lockMigrationOf(db, owned);
  const { cancelledBy } = await readRun(db, run.uuid);
  const end: End = cancelledBy === null ? outcome : { kind: 'cancelled' };
  await leaveMigration(db, owned, end);
  if (end.kind === 'requeue') await requeue(db, owned);
  else await endRun(db, owned, end);
  return end.kind === 'requeue' ? 'requeued' : end.kind;
}

async function leaveMigration(db: Db, owned: OwnedRun, end: End): Promise<void> {
  const { run } = owned;
  if (run.kind !== 'sync') await moveMigration(db, owned, Prisma.sql`state = ${stateAfter(run.kind, end)}`);
  // A rollback that aborts leaves the migration completed, and its APIs free.
  if (run.kind === 'rollback') {
    await db.membership.updateMany({ where: { migrationUuid: run.migrationUuid }, data: { active: false } });
  }
}

async function endRun(db: Db, owned: OwnedRun, end: Exclude<End, { kind: 'requeue' }>): Promise<void> {
  await transition(db, owned, {
    from: ['aborting'],
    set: Prisma.sql`${finished(end.kind)}, error = ${errorOf(end)}`,
    event: 'finished',
    data: { state: end.kind, ...(end.kind === 'failed' ? { code: end.error.code } : {}) },
  });
  // Who cancels a sync cancels the migrate behind it, too; another one may have come since.
  if (owned.run.kind === 'sync') await failBehind(db, owned, end.kind === 'failed' ? [end.error] : []);
}

/** Where the migration stands when nothing of the run is left. */
function stateAfter(kind: 'migrate' | 'rollback', end: End): 'Completed' | 'Failed' | 'Pending' {
  if (kind === 'rollback') return 'Completed';
  return end.kind === 'failed' ? 'Failed' : 'Pending';
}

/** Another attempt: the epoch stays raised, and the wait for the lock begins anew. */
async function requeue(db: Db, owned: OwnedRun): Promise<void> {
  const { uuid, organizationUuid, attempt } = owned.run;
  await transition(db, owned, {
    from: ['aborting'],
    set: Prisma.sql`state = 'queued', attempt = attempt + 1, owner = NULL, heartbeat_at = NULL, waiting_since = NULL,
                    lock_wait_ms = NULL, started_at = NULL, error = NULL`,
    event: 'requeued',
    data: { attempt: attempt + 1 },
  });
  await db.outboxMessage.create({ data: { organizationUuid, runUuid: asUuid(uuid) } });
}
