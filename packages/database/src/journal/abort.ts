import {
  ABORT_STEPS,
  endOfAbort,
  type AbortEnd,
  type AbortOutcome,
  type OwnedRun,
  type Run,
  type RunJournal,
  type StoredError,
} from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { moveBehind } from './behind.js';
import { reach } from './outcome.js';
import { lockMigrationOf, moveMigration, readRun, transition, type Change } from './transition.js';

/** Presumed abort (protocol I12): the decision with a raised epoch first, the end when all targets are clean. */
export function aborts(client: Client): Pick<RunJournal, 'beginAbort' | 'finishAbort'> {
  return {
    beginAbort: (owned, outcome) => transaction(client, (tx) => beginAbort(tx, owned, outcome)),
    finishAbort: (owned, outcome) => transaction(client, (tx) => finishAbort(tx, owned, outcome)),
  };
}

function errorOf(outcome: AbortOutcome): StoredError | null {
  return 'error' in outcome ? outcome.error : null;
}

function storing(error: StoredError | null): Prisma.Sql {
  return error === null ? Prisma.sql`error = NULL` : Prisma.sql`error = ${JSON.stringify(error)}::json`;
}

async function beginAbort(db: Db, owned: OwnedRun, outcome: AbortOutcome): Promise<OwnedRun> {
  const { run, owner } = owned;
  const epoch = run.epoch + 1;
  await moveMigration(db, owned, Prisma.sql`epoch = ${epoch}`);
  await transition(db, owned, 'beginAbort', {
    epoch,
    set: storing(errorOf(outcome)),
    data: { epoch, outcome: outcome.kind },
  });
  return { run: await readRun(db, run.uuid), owner };
}

async function finishAbort(db: Db, owned: OwnedRun, outcome: AbortOutcome): Promise<AbortEnd> {
  const { run } = owned;
  await lockMigrationOf(db, owned);
  const { cancelledBy } = await readRun(db, run.uuid);
  const end = endOfAbort(outcome, cancelledBy !== null);
  const error = cancelledBy === null ? errorOf(outcome) : null;
  if (end === 'requeued') await reach(db, owned, ABORT_STEPS[end], anotherAttempt(run));
  else await reach(db, owned, ABORT_STEPS[end], ending(error));
  if (end === 'requeued') await wake(db, run);
  if (run.kind === 'sync') await moveBehind(db, run, ABORT_STEPS[end], error);
  return end;
}

function ending(error: StoredError | null): Change<'failAborted' | 'cancelAborted'> {
  return { set: storing(error), data: error === null ? {} : { code: error.code } };
}

/** The epoch stays raised, and the wait for the lock begins anew. */
function anotherAttempt({ attempt }: Run): Change<'requeue'> {
  const anew = Prisma.sql`attempt = attempt + 1, waiting_since = NULL, lock_wait_ms = NULL, started_at = NULL`;
  return { set: Prisma.sql`${anew}, ${storing(null)}`, data: { attempt: attempt + 1 } };
}

async function wake(db: Db, { organizationUuid, uuid: runUuid }: Run): Promise<void> {
  await db.outboxMessage.create({ data: { organizationUuid, runUuid } });
}
