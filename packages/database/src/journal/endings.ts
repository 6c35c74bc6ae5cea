import { EdenError, RUN_STEPS, type OwnedRun, type Plan, type RunJournal, type StoredError } from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { toJson } from '../json.js';
import { moveBehind } from './behind.js';
import { reach } from './outcome.js';
import { readTimeline } from './timeline.js';
import { lockMigrationOf, transition } from './transition.js';

/** Ends of runs that touched no target: a good sync, and whatever failed before T1 or while syncing. */
export function endings(client: Client): Pick<RunJournal, 'finishSync' | 'fail'> {
  return {
    finishSync: (owned, plan) => transaction(client, (tx) => finishSync(tx, owned, plan)),
    fail: (owned, error) => transaction(client, (tx) => fail(tx, owned, error)),
  };
}

async function finishSync(db: Db, owned: OwnedRun, plan: Plan): Promise<void> {
  const { run } = owned;
  const { migrationUuid } = run;
  await lockMigrationOf(db, owned);
  await reach(db, owned, 'finishSync', { set: Prisma.sql`reason = NULL`, data: { plan_hash: plan.hash } });
  const { count } = await db.migration.updateMany({
    where: { uuid: migrationUuid, revision: plan.revision },
    data: { plan: toJson(plan), planHash: plan.hash, atomicity: plan.atomicity },
  });
  if (count !== 1) throw new EdenError('MIGRATION_CHANGED', { suggestion: 'Run sync again' });
  await db.membership.updateMany({ where: { migrationUuid }, data: { synced: true } });
  await moveBehind(db, run, 'finishSync', null);
}

async function fail(db: Db, owned: OwnedRun, error: StoredError): Promise<void> {
  const { run } = owned;
  const migration = await lockMigrationOf(db, owned);
  if (run.kind !== 'sync' && (await readTimeline(db)) !== run.timeline) {
    return abortUnstarted(db, owned, { epoch: migration.epoch + 1, error });
  }
  await transition(db, owned, 'fail', {
    set: Prisma.sql`error = ${JSON.stringify(error)}::json`,
    data: { code: error.code, error: error.error },
  });
  if (run.kind === 'sync') await moveBehind(db, run, 'fail', error);
}

/** It may have started, on the timeline on which it was queued: the targets are asked before it ends. */
async function abortUnstarted(
  db: Db,
  owned: OwnedRun,
  { epoch, error }: { readonly epoch: number; readonly error: StoredError },
): Promise<void> {
  const reason = `could not start (${error.error}), and was queued on another timeline of the control database`;
  const set = Prisma.sql`error = ${JSON.stringify(error)}::json, reason = ${reason}`;
  const { migrationUuid } = owned.run;
  await transition(db, owned, 'failAfterRewind', { epoch, set, data: { epoch, outcome: RUN_STEPS.fail.to, reason } });
  await db.migration.update({ where: { uuid: migrationUuid }, data: { epoch }, select: { uuid: true } });
}
