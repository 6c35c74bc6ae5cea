import type { OwnedRun, RunJournal, RunState, StoredError } from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { applyDefinitions } from './definitions.js';
import { finished, lockMigrationOf, moveMigration, transition } from './transition.js';

/** T2, T3, and what lies before and between them (protocol section 3). */
export function commits(
  client: Client,
): Pick<RunJournal, 'enterDeciding' | 'decide' | 'state' | 'complete' | 'markInDoubt'> {
  return {
    enterDeciding: (owned, parallelExecutionMs) =>
      transaction(client, (tx) => enterDeciding(tx, owned, parallelExecutionMs)),
    decide: (owned, parallelExecutionMs) => transaction(client, (tx) => decide(tx, owned, parallelExecutionMs)),
    state: async (runUuid) => {
      const [row] = await client.$queryRaw<{ state: RunState; epoch: bigint }[]>(Prisma.sql`
        SELECT state, epoch FROM runs WHERE uuid = ${runUuid}::uuid FOR UPDATE`);
      return row === undefined ? null : { state: row.state, epoch: Number(row.epoch) };
    },
    complete: (owned) => transaction(client, (tx) => complete(tx, owned)),
    markInDoubt: (owned, error) => markInDoubt(client, owned, error),
  };
}

/** Durable before the last resource commits: whoever reads the run then knows that its ledger has to be asked. */
async function enterDeciding(db: Db, owned: OwnedRun, parallelExecutionMs: number): Promise<void> {
  const duration = Math.round(parallelExecutionMs);
  await moveMigration(db, owned, Prisma.sql`state = 'In Progress'`);
  await transition(db, owned, {
    from: ['running'],
    set: Prisma.sql`state = 'deciding', parallel_execution_ms = ${duration}, heartbeat_at = now()`,
    event: 'deciding',
    data: { epoch: owned.run.epoch },
  });
}

/** The commit point. */
async function decide(db: Db, owned: OwnedRun, parallelExecutionMs: number): Promise<void> {
  const duration = Math.round(parallelExecutionMs);
  await moveMigration(db, owned, Prisma.sql`state = 'In Progress'`);
  await transition(db, owned, {
    from: [owned.run.state === 'deciding' ? 'deciding' : 'running'],
    set: Prisma.sql`state = 'committing', parallel_execution_ms = ${duration}, heartbeat_at = now()`,
    event: 'commit_decided',
    data: { epoch: owned.run.epoch, parallel_execution_ms: duration },
  });
  await applyDefinitions(db, owned.run);
}

async function complete(db: Db, owned: OwnedRun): Promise<void> {
  const { run } = owned;
  await lockMigrationOf(db, owned);
  await moveMigration(db, owned, Prisma.sql`state = ${run.kind === 'rollback' ? 'Rolled Back' : 'Completed'}`);
  await transition(db, owned, {
    from: ['committing'],
    set: finished('succeeded'),
    event: 'finished',
    data: { state: 'succeeded' },
  });
  await db.membership.updateMany({ where: { migrationUuid: run.migrationUuid }, data: { active: false } });
}

/** The run keeps its slot, so that no other run of the migration starts, and its APIs. */
function markInDoubt(db: Db, owned: OwnedRun, error: StoredError): Promise<void> {
  return transition(db, owned, {
    from: ['running', 'deciding', 'committing', 'aborting'],
    set: Prisma.sql`state = 'in_doubt', error = ${JSON.stringify(error)}::json, in_doubt_since = now(),
                    owner = NULL, heartbeat_at = NULL`,
    event: 'in_doubt',
    data: { ...error.context, code: error.code },
  });
}
