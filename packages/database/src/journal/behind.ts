import { BEHIND_A_SYNC, notSyncedError, RUN_STEPS, stepOf, toStoredError, WAITS_FOR_WORKER } from '@eden/domain';
import type { Run, RunStepName, StoredError, Uuid } from '@eden/domain';
import type { Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { abortBehind, rewoundBehind } from './rewound.js';
import { appendStep, assignments, mayTake } from './transition.js';

/**
 * What follows for the migrate behind a sync from the sync's last step: under the lock of the migration, so that no
 * migrate can queue up behind a sync that has just ended.
 */
export async function moveBehind(
  db: Db,
  { migrationUuid }: Run,
  taken: RunStepName,
  syncError: StoredError | null,
): Promise<void> {
  const { to } = stepOf(taken);
  switch (BEHIND_A_SYNC[to]) {
    case 'promote':
      return promote(db, migrationUuid);
    case 'failBehind':
      return failBehind(db, migrationUuid, syncError);
    case undefined:
  }
}

/** The migrate that waited has its turn. */
async function promote(db: Db, migrationUuid: Uuid): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET ${assignments('promote')}, reason = ${WAITS_FOR_WORKER}
       WHERE migration_uuid = ${migrationUuid}::uuid AND ${mayTake('promote')}
      RETURNING organization_uuid, uuid)
    INSERT INTO outbox (organization_uuid, run_uuid) SELECT organization_uuid, uuid FROM moved`);
}

async function failBehind(db: Db, migrationUuid: Uuid, syncError: StoredError | null): Promise<void> {
  const error = toStoredError(notSyncedError(syncError === null ? [] : [syncError]));
  const rewound = await rewoundBehind(db, migrationUuid);
  if (rewound !== null) {
    const set = Prisma.sql`error = ${JSON.stringify(error)}::json`;
    await abortBehind(db, rewound, { set, data: whyAborted(rewound) });
    return;
  }
  await db.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET ${assignments('failBehind')}, error = ${JSON.stringify(error)}::json
       WHERE migration_uuid = ${migrationUuid}::uuid AND ${mayTake('failBehind')}
      RETURNING organization_uuid, uuid, event_count)
    ${appendStep('failBehind', { code: error.code, error: error.error })}`);
}

/** Whoever cancelled it did so before the sync was over. */
function whyAborted({ cancelledBy }: Run): Parameters<typeof abortBehind>[2]['data'] {
  if (cancelledBy === null) {
    return { outcome: RUN_STEPS.failBehind.to, reason: 'could not start, as the sync before it has not succeeded' };
  }
  return { outcome: RUN_STEPS.cancel.to, cancelled_by: cancelledBy, reason: `was cancelled by ${cancelledBy}` };
}
