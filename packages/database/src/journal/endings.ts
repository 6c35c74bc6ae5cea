import {
  EdenError,
  notSyncedError,
  toStoredError,
  type OwnedRun,
  type Plan,
  type RunJournal,
  type StoredError,
} from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { toJson } from '../json.js';
import { appendEvent, finished, lockMigrationOf, moveMigration, transition } from './transition.js';

/** Ends of runs that touched no target: a good sync, and whatever failed before T1 or while syncing. */
export function endings(client: Client): Pick<RunJournal, 'finishSync' | 'fail'> {
  return {
    finishSync: (owned, plan) => transaction(client, (tx) => finishSync(tx, owned, plan)),
    fail: (owned, error) => transaction(client, (tx) => fail(tx, owned, error)),
  };
}

async function finishSync(db: Db, owned: OwnedRun, plan: Plan): Promise<void> {
  const { run } = owned;
  const migration = await lockMigrationOf(db, owned);
  await transition(db, owned, {
    from: ['running'],
    set: finished('succeeded'),
    event: 'finished',
    data: { state: 'succeeded', plan_hash: plan.hash },
  });
  await moveMigration(db, owned, Prisma.sql`state = 'Pending'`);
  const { count } = await db.migration.updateMany({
    where: { uuid: run.migrationUuid, revision: plan.revision },
    data: { plan: toJson(plan), planHash: plan.hash, atomicity: plan.atomicity },
  });
  if (count !== 1) throw new EdenError('MIGRATION_CHANGED', { suggestion: 'Run sync again' });
  // A migration that was rolled back has let its APIs go; now that it is pending again, it claims them.
  const reclaimed = migration.state === 'Rolled Back' ? { active: true } : {};
  await db.membership.updateMany({
    where: { migrationUuid: run.migrationUuid },
    data: { synced: true, ...reclaimed },
  });
  await activateBehind(db, owned);
}

/** The migrate that waited for this sync has its turn. */
async function activateBehind(db: Db, { run }: OwnedRun): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    WITH activated AS (
      UPDATE runs SET slot = 'active' WHERE migration_uuid = ${run.migrationUuid}::uuid AND slot = 'behind'
      RETURNING organization_uuid, uuid)
    INSERT INTO outbox (organization_uuid, run_uuid) SELECT organization_uuid, uuid FROM activated`);
}

async function fail(db: Db, owned: OwnedRun, error: StoredError): Promise<void> {
  const { run } = owned;
  await lockMigrationOf(db, owned);
  await transition(db, owned, {
    from: run.kind === 'sync' ? ['waiting_for_lock', 'running'] : ['waiting_for_lock'],
    set: Prisma.sql`${finished('failed')}, error = ${JSON.stringify(error)}::json`,
    event: 'finished',
    data: { state: 'failed', code: error.code, error: error.error },
  });
  if (run.kind === 'sync') await failBehind(db, owned, [error]);
}

/** Under the lock of the migration, so that no migrate can queue up behind a sync that has just ended. */
export async function failBehind(db: Db, { run }: OwnedRun, syncErrors: readonly StoredError[]): Promise<void> {
  const error = toStoredError(notSyncedError(syncErrors));
  await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs
         SET ${finished('failed')}, error = ${JSON.stringify(error)}::json, event_count = event_count + 1
       WHERE migration_uuid = ${run.migrationUuid}::uuid AND slot = 'behind'
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('finished', { state: 'failed', code: error.code, error: error.error })}`);
}
