import {
  EdenError,
  toStoredError,
  UNDER_WAY,
  type Evidence,
  type OwnedRun,
  type RunJournal,
  type RunState,
} from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { noteGates } from './gates.js';
import { reach } from './outcome.js';
import { lockMigrationOf, moveMigration, readRun, transition } from './transition.js';

/** T2, T3, and what lies before and between them (protocol I10 and I11). */
export function commits(
  client: Client,
): Pick<RunJournal, 'enterDeciding' | 'decide' | 'honour' | 'takeToken' | 'state' | 'complete' | 'markInDoubt'> {
  return {
    enterDeciding: (owned, parallelExecutionMs) =>
      transaction(client, (tx) => enterDeciding(tx, owned, parallelExecutionMs)),
    decide: (owned, parallelExecutionMs) => transaction(client, (tx) => decide(tx, owned, parallelExecutionMs)),
    honour: (owned, token) => transaction(client, (tx) => honour(tx, owned, token)),
    takeToken: (owned, token) => transaction(client, (tx) => takeToken(tx, owned, token)),
    state: async (runUuid) => {
      const [row] = await client.$queryRaw<{ state: RunState; epoch: bigint }[]>(Prisma.sql`
        SELECT state, epoch FROM runs WHERE uuid = ${runUuid}::uuid FOR UPDATE`);
      return row === undefined ? null : { state: row.state, epoch: Number(row.epoch) };
    },
    complete: (owned) => transaction(client, (tx) => complete(tx, owned)),
    markInDoubt: (owned, evidence) => markInDoubt(client, owned, evidence),
  };
}

/** Durable before the last resource commits: whoever reads the run then knows that its ledger has to be asked. */
async function enterDeciding(db: Db, owned: OwnedRun, parallelExecutionMs: number): Promise<void> {
  const duration = Math.round(parallelExecutionMs);
  await moveMigration(db, owned, Prisma.sql`state = ${UNDER_WAY}`);
  await transition(db, owned, 'enterDeciding', {
    set: Prisma.sql`parallel_execution_ms = ${duration}`,
    data: { epoch: owned.run.epoch },
  });
}

/** The commit point. */
async function decide(db: Db, owned: OwnedRun, parallelExecutionMs: number): Promise<void> {
  const duration = Math.round(parallelExecutionMs);
  await reach(db, owned, 'decide', {
    set: Prisma.sql`parallel_execution_ms = ${duration}, reason = NULL`,
    data: { epoch: owned.run.epoch, parallel_execution_ms: duration },
  });
  await noteGates(db, owned.run);
}

/** The commit point of an attempt that has committed and was forgotten: what it decided is decided again. */
async function honour(db: Db, owned: OwnedRun, token: string): Promise<OwnedRun> {
  const { run, owner } = owned;
  // What an abort has stored of a failure is no longer true.
  const set = Prisma.sql`token = ${token}, error = NULL, reason = NULL`;
  await reach(db, owned, 'honour', { set, data: { epoch: run.epoch, committed_before: true } });
  await noteGates(db, run);
  return { run: await readRun(db, run.uuid), owner };
}

async function takeToken(db: Db, owned: OwnedRun, token: string): Promise<OwnedRun> {
  const { run, owner } = owned;
  const data = { epoch: run.epoch, committed_before: true };
  await transition(db, owned, 'takeToken', { set: Prisma.sql`token = ${token}`, data });
  return { run: await readRun(db, run.uuid), owner };
}

async function complete(db: Db, owned: OwnedRun): Promise<void> {
  await lockMigrationOf(db, owned);
  await reach(db, owned, 'complete', { set: Prisma.sql`reason = NULL` });
}

/** The run keeps its slot, so that no other run of the migration starts, and its APIs. */
function markInDoubt(db: Db, owned: OwnedRun, evidence: Evidence): Promise<void> {
  const error = toStoredError(new EdenError('RUN_IN_DOUBT', { ...evidence }));
  return transition(db, owned, 'markInDoubt', {
    set: Prisma.sql`error = ${JSON.stringify(error)}::json, in_doubt_since = now()`,
    data: { ...evidence, code: error.code },
  });
}
