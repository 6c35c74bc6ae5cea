import {
  asUuid,
  EdenError,
  type ForgettableRun,
  type RetentionRound,
  type RetentionStore,
  type RunState,
  type Uuid,
} from '@eden/domain';
import { transaction, type Client, type Db } from './client.js';
import { Prisma } from './generated/client.js';

/** Longer than anything a round does between two writes. */
const CLAIM = Prisma.sql`now() + interval '5 minutes'`;

/** Rows that one statement deletes: far below what the statements of this database may take. */
export const DELETED_AT_ONCE = 2_000;

/** Finished runs that one statement looks through. */
const READ_AT_ONCE = 1_000;

/** All times are the database's: the workers' clocks need not agree. */
export function createRetention(client: Client): RetentionStore {
  return {
    begin: async (owner) => {
      const taken = await client.$executeRaw(Prisma.sql`
        UPDATE retention SET owner = ${owner}, claimed_until = ${CLAIM}
         WHERE due_at <= now() AND (owner IS NULL OR claimed_until < now())`);
      return taken === 1;
    },
    end: async (owner, nextMs) => {
      await client.$executeRaw(Prisma.sql`
        UPDATE retention SET owner = NULL, claimed_until = NULL, due_at = now() + ${nextMs} * interval '1 millisecond'
         WHERE owner = ${owner}`);
    },
    forgettable: (round, limit, after) => forgettable(client, round, { limit, after }),
    forgetRun: (round, runUuid) => whileClaimed(client, round, (tx) => forgetRun(tx, round, runUuid)),
    forgetTargetDatabases: (round) => whileClaimed(client, round, (tx) => forgetTargetDatabases(tx, round)),
  };
}

function endedBefore({ keptDays }: RetentionRound): Prisma.Sql {
  return Prisma.sql`(now() - ${keptDays} * interval '1 day')`;
}

/** @throws EdenError FENCED when another worker has the round */
function whileClaimed<T>(client: Client, { owner }: RetentionRound, work: (tx: Db) => Promise<T>): Promise<T> {
  return transaction(client, async (tx) => {
    const claimed = await tx.$executeRaw(Prisma.sql`
      UPDATE retention SET claimed_until = ${CLAIM} WHERE owner = ${owner}`);
    if (claimed !== 1) throw new EdenError('FENCED', { owner });
    return work(tx);
  });
}

/** A finished run's place in the order in which runs have ended. */
type Position = Pick<ForgettableRun, 'finishedAt' | 'uuid'>;

/** Most runs of an old installation may never go, so they are looked through in pages: no statement's time grows with them. */
async function forgettable(
  client: Client,
  round: RetentionRound,
  { limit, after }: { readonly limit: number; readonly after: Position | null },
): Promise<readonly ForgettableRun[]> {
  const found: Uuid[] = [];
  let position = after;
  do {
    const behind = position;
    const page = await whileClaimed(client, round, (tx) => endedBehind(tx, round, behind));
    found.push(...page.filter(({ mayGo }) => mayGo).map(({ uuid }) => uuid));
    position = page.at(-1) ?? null;
  } while (position !== null && found.length < limit);
  return readRuns(client, found.slice(0, limit));
}

async function endedBehind(
  tx: Db,
  round: RetentionRound,
  after: Position | null,
): Promise<readonly (Position & { readonly mayGo: boolean })[]> {
  const behind =
    after === null
      ? Prisma.sql`true`
      : Prisma.sql`(run.finished_at, run.uuid) > (${after.finishedAt}::timestamptz, ${after.uuid}::uuid)`;
  const rows = await tx.$queryRaw<{ uuid: string; finished_at: Date; may_go: boolean }[]>(Prisma.sql`
    SELECT run.uuid, run.finished_at, eden_may_forget(run, ${endedBefore(round)}) AS may_go
      FROM runs AS run
     WHERE run.finished_at < ${endedBefore(round)} AND ${behind}
     ORDER BY run.finished_at, run.uuid LIMIT ${READ_AT_ONCE}`);
  return rows.map((row) => ({ uuid: asUuid(row.uuid), finishedAt: row.finished_at, mayGo: row.may_go }));
}

async function readRuns(client: Client, uuids: readonly Uuid[]): Promise<readonly ForgettableRun[]> {
  const way = { endpointUuid: true, databaseKey: true, databasePlace: true, databaseName: true } as const;
  const rows = await client.run.findMany({
    where: { uuid: { in: [...uuids] } },
    orderBy: [{ finishedAt: 'asc' }, { uuid: 'asc' }],
    include: { participants: { select: way, distinct: ['endpointUuid', 'databaseKey'] } },
  });
  return rows.flatMap(({ uuid, organizationUuid, token, epoch, state, finishedAt, participants }) => {
    if (finishedAt === null) return [];
    const databases = participants.map(
      ({ endpointUuid, databaseKey: key, databasePlace: place, databaseName: name }) => ({
        endpointUuid: asUuid(endpointUuid),
        database: { key, place, name },
      }),
    );
    const names = { uuid: asUuid(uuid), organizationUuid: asUuid(organizationUuid), token, epoch: Number(epoch) };
    return [{ ...names, state: state as RunState, finishedAt, databases }];
  });
}

async function forgetRun(
  tx: Db,
  round: RetentionRound,
  runUuid: Uuid,
): Promise<{ readonly events: number; readonly gone: boolean }> {
  const [forgotten] = await tx.$queryRaw<[{ events: number; gone: boolean }]>(Prisma.sql`
    SELECT events, gone FROM eden_forget_run(${runUuid}::uuid, ${endedBefore(round)}, ${DELETED_AT_ONCE}::int)`);
  return forgotten;
}

/**
 * An endpoint may lead to a database where nothing has run for long: nothing of ours can be left there. The age is asked
 * of the row that is deleted, too: a run may use it again while the statement waits for it.
 */
function forgetTargetDatabases(tx: Db, round: RetentionRound): Promise<number> {
  return tx.$executeRaw(Prisma.sql`
    DELETE FROM target_databases WHERE last_used_at < ${endedBefore(round)} AND (database_key, endpoint_uuid) IN (
      SELECT t.database_key, t.endpoint_uuid FROM target_databases t
       WHERE t.last_used_at < ${endedBefore(round)}
         AND NOT EXISTS (
           SELECT FROM run_participants p
            WHERE p.endpoint_uuid = t.endpoint_uuid AND p.database_key = t.database_key)
       LIMIT ${DELETED_AT_ONCE})`);
}
