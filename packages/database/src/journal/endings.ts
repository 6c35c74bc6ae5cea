import {
  EdenError,
  planSummary,
  RUN_STEPS,
  type OwnedRun,
  type Plan,
  type RunJournal,
  type StoredError,
} from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { toJson } from '../json.js';
import { moveBehind } from './behind.js';
import { failSteps } from './outside-steps.js';
import { hasBegunSteps } from '../store/outside-steps.js';
import { reach } from './outcome.js';
import { abortUnstarted, isRewound } from './rewound.js';
import { appendEvent, guard, lockMigrationOf, transition } from './transition.js';

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
  await tellApprovalWanted(db, owned, plan);
  await reach(db, owned, 'finishSync', { set: Prisma.sql`reason = NULL`, data: planSummary(plan) });
  const { count } = await db.migration.updateMany({
    where: { uuid: migrationUuid, revision: plan.revision },
    data: { plan: toJson(plan), planHash: plan.hash, atomicity: plan.atomicity },
  });
  if (count !== 1) throw new EdenError('MIGRATION_CHANGED', { suggestion: 'Run sync again' });
  await db.membership.updateMany({ where: { migrationUuid }, data: { synced: true } });
  await moveBehind(db, run, 'finishSync', null);
}

/** Before the end of the run, which is the last that its history says. */
async function tellApprovalWanted(db: Db, owned: OwnedRun, { hash }: Plan): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1
       WHERE ${guard(owned)} AND EXISTS (
         SELECT FROM migrations m
          WHERE m.uuid = migration_uuid AND (m.options ->> 'approval')::boolean AND m.approved_hash IS DISTINCT FROM ${hash})
      RETURNING organization_uuid, uuid, event_count)
    ${appendEvent('approval_wanted', { plan_hash: hash })}`);
}

async function fail(db: Db, owned: OwnedRun, error: StoredError): ReturnType<RunJournal['fail']> {
  const { run } = owned;
  const reason = `could not start (${error.error})`;
  await lockMigrationOf(db, owned);
  if (await isRewound(db, run)) {
    await abortUnstarted(db, owned, { error, reason });
    return RUN_STEPS.failAfterRewind.to;
  }
  if (await hasBegunSteps(db, run)) {
    await failSteps(db, owned, { error, reason });
    return RUN_STEPS.failSteps.to;
  }
  await transition(db, owned, 'fail', {
    set: Prisma.sql`error = ${JSON.stringify(error)}::json`,
    data: { code: error.code, error: error.error },
  });
  if (run.kind === 'sync') await moveBehind(db, run, 'fail', error);
  return RUN_STEPS.fail.to;
}
