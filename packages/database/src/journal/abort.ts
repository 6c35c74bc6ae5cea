import {
  asUuid,
  EdenError,
  toStoredError,
  type AbortOutcome,
  type OwnedRun,
  type RunJournal,
  type StoredError,
} from '@eden/domain';
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

function errorOf(outcome: AbortOutcome): Prisma.Sql {
  const error: StoredError | null = outcome.kind === 'failed' ? outcome.error : null;
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

async function finishAbort(db: Db, owned: OwnedRun, outcome: AbortOutcome): Promise<void> {
  const { run } = owned;
  await lockMigrationOf(db, owned);
  if (run.kind !== 'sync') await moveMigration(db, owned, Prisma.sql`state = ${stateAfter(run.kind, outcome)}`);
  // A rollback that aborts leaves the migration completed, and its APIs free.
  if (run.kind === 'rollback') {
    await db.membership.updateMany({ where: { migrationUuid: run.migrationUuid }, data: { active: false } });
  }
  if (outcome.kind === 'requeue') return requeue(db, owned);
  await transition(db, owned, {
    from: ['aborting'],
    set: Prisma.sql`${finished(outcome.kind)}, error = ${errorOf(outcome)}`,
    event: 'finished',
    data: { state: outcome.kind, ...(outcome.kind === 'failed' ? { code: outcome.error.code } : {}) },
  });
  if (run.kind === 'sync') await failBehind(db, owned, outcome.kind === 'failed' ? outcome.error : cancelledSync());
}

/** Where the migration stands when nothing of the run is left. */
function stateAfter(kind: 'migrate' | 'rollback', outcome: AbortOutcome): 'Completed' | 'Failed' | 'Pending' {
  if (kind === 'rollback') return 'Completed';
  return outcome.kind === 'failed' ? 'Failed' : 'Pending';
}

function cancelledSync(): StoredError {
  return toStoredError(new EdenError('MIGRATION_NOT_SYNCED', { details: 'The sync was cancelled' }));
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
