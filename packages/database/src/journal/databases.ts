import {
  asUuid,
  EdenError,
  runInProgress,
  WAIT_FOR_RUN,
  type EndpointNote,
  type OwnedRun,
  type Renewal,
  type RunJournal,
  type Uuid,
} from '@eden/domain';
import { transaction, type Client, type Db } from '../client.js';
import { Prisma } from '../generated/client.js';
import { fenced, guard } from './transition.js';

/** What is behind the endpoints, as syncs find it (protocol I31). */
export function databases(client: Client): Pick<RunJournal, 'noteDatabases' | 'endpointsAt' | 'renewDatabase'> {
  return {
    noteDatabases: (owned, notes) => transaction(client, (tx) => noteDatabases(tx, owned, notes)),
    endpointsAt: (key) => endpointsAt(client, key),
    renewDatabase: (owned, renewal, renew) => transaction(client, (tx) => renewDatabase(tx, { owned, renewal, renew })),
  };
}

async function noteDatabases(db: Db, owned: OwnedRun, notes: readonly EndpointNote[]): Promise<void> {
  await assertOwned(db, owned);
  for (const { endpointUuid: uuid, database, isNews } of notes) {
    const { key: databaseKey, place: databasePlace } = database;
    const version = isNews ? { version: { increment: 1 } } : {};
    const { organizationUuid } = owned.run;
    await db.endpoint.updateMany({
      where: { uuid, organizationUuid },
      data: { databaseKey, databasePlace, ...version },
    });
  }
}

async function endpointsAt(
  client: Client,
  databaseKey: string,
): Promise<readonly { readonly organizationUuid: Uuid; readonly endpointUuid: Uuid }[]> {
  const rows = await client.endpoint.findMany({
    where: { databaseKey },
    orderBy: [{ createdAt: 'asc' }, { uuid: 'asc' }],
    select: { organizationUuid: true, uuid: true },
  });
  return rows.map(({ organizationUuid, uuid }) => ({
    organizationUuid: asUuid(organizationUuid),
    endpointUuid: asUuid(uuid),
  }));
}

interface Renewing {
  readonly owned: OwnedRun;
  readonly renewal: Renewal;
  readonly renew: () => Promise<boolean>;
}

/**
 * The rows of the endpoints are held until the target has answered: T1, which looks at their versions, waits for them and
 * then finds others. Whoever else renews waits as well, and finds that it was done.
 */
async function renewDatabase(db: Db, { owned, renewal, renew }: Renewing): Promise<boolean> {
  const { endpoints } = renewal;
  await assertOwned(db, owned);
  await db.$queryRaw(Prisma.sql`
    SELECT uuid FROM endpoints WHERE uuid = ANY(${[...endpoints]}::uuid[]) ORDER BY uuid FOR UPDATE`);
  await assertIdle(db, owned, renewal);
  if (!(await renew())) return false;
  await db.$executeRaw(Prisma.sql`
    UPDATE endpoints SET version = version + 1 WHERE uuid = ANY(${[...endpoints]}::uuid[])`);
  return true;
}

async function assertOwned(db: Db, owned: OwnedRun): Promise<void> {
  const rows = await db.$queryRaw<unknown[]>(Prisma.sql`SELECT 1 AS one FROM runs WHERE ${guard(owned)} FOR SHARE`);
  if (rows.length === 0) throw fenced(owned);
}

/** No run is in its transaction or at its steps there. One that began before the database had an id knows it by its place. */
async function assertIdle(db: Db, { run }: OwnedRun, { shared, keeping }: Renewal): Promise<void> {
  const [found] = await db.$queryRaw<{ run_uuid: string; organization_uuid: string }[]>(Prisma.sql`
    SELECT used.run_uuid, r.organization_uuid
      FROM (SELECT run_uuid, database_key, endpoint_uuid FROM run_participants
            UNION ALL SELECT run_uuid, database_key, endpoint_uuid FROM outside_steps) AS used
      JOIN runs r ON r.uuid = used.run_uuid
     WHERE r.slot IS NOT NULL AND used.database_key IN (${shared.key}, ${shared.place})
       AND used.endpoint_uuid <> ALL(${[...keeping]}::uuid[])
     LIMIT 1`);
  if (found === undefined) return;
  const isOwn = found.organization_uuid === run.organizationUuid;
  throw isOwn ? runInProgress(asUuid(found.run_uuid)) : othersRun(shared);
}

/** Which run of another organization that is, is theirs to know. */
function othersRun({ name }: Renewal['shared']): EdenError {
  return new EdenError('RUN_IN_PROGRESS', { database: name, suggestion: WAIT_FOR_RUN });
}
