import {
  asUuid,
  RUN_STEPS,
  type EndpointOf,
  type OwnedRun,
  type ParticipantClass,
  type Run,
  type RunJournal,
  type RunParticipant,
  type Uuid,
  workerLost,
} from '@eden/domain';
import { transaction, type Client } from '../client.js';
import { Prisma, type RunParticipant as RunParticipantRow } from '../generated/client.js';
import type { Notifications } from '../listen.js';
import { toRun } from '../store/runs.js';
import { mayTake, readRun, takeStep, unattended } from './transition.js';

type Recovery = Pick<
  RunJournal,
  'participants' | 'abandoned' | 'onReleased' | 'adopt' | 'participantEndpoints' | 'takeDueSweeps' | 'inDoubt'
>;

/**
 * Runs that a worker takes over in one round, several times a second: when all workers have died, those that come back first
 * leave some to the others, and do not open the sessions of hundreds of runs in one moment.
 */
const ADOPTED_AT_ONCE = 25;

/** What a worker needs to finish the work of another one that died. */
export function recovery(client: Client, notifications: Notifications): Recovery {
  return {
    participants: (runUuid) => participants(client, runUuid),
    abandoned: (leaseMs) => abandoned(client, leaseMs),
    onReleased: (listener) =>
      notifications.on('eden_run_released', (uuid) => listener(uuid === null ? null : asUuid(uuid))),
    adopt: (run, owner, leaseMs) => adopt(client, { run, owner }, leaseMs),
    participantEndpoints: () => participantEndpoints(client),
    takeDueSweeps: (everyMs, limit) => takeDueSweeps(client, everyMs, limit),
    inDoubt: async () => {
      const [row] = await client.$queryRaw<{ runs: bigint; age: number }[]>(Prisma.sql`
        SELECT count(*) AS runs,
               coalesce(extract(epoch FROM now() - min(in_doubt_since)) * 1000, 0)::float8 AS age
          FROM runs WHERE slot = 'active' AND state = ${RUN_STEPS.markInDoubt.to}`);
      return { runs: Number(row?.runs ?? 0), oldestAgeMs: Math.max(0, Math.round(row?.age ?? 0)) };
    },
  };
}

/** Those of the latest attempt that reached T1. */
async function participants(client: Client, runUuid: Uuid): Promise<readonly RunParticipant[]> {
  const rows = await client.runParticipant.findMany({
    where: { runUuid },
    orderBy: [{ attempt: 'desc' }, { number: 'asc' }],
  });
  return rows.filter(({ attempt }) => attempt === rows[0]?.attempt).map(toParticipant);
}

export function toParticipant(row: RunParticipantRow): RunParticipant {
  const { number, databaseKey, databasePlace, databaseName, preparedId, gates } = row;
  return {
    number,
    endpointUuid: asUuid(row.endpointUuid),
    database: { key: databaseKey, place: databasePlace, name: databaseName },
    preparedId,
    class: row.class as ParticipantClass,
    gates: gates.map(asUuid),
  };
}

async function abandoned(client: Client, leaseMs: number): Promise<readonly Run[]> {
  const found = await client.$queryRaw<{ uuid: string }[]>(Prisma.sql`
    SELECT uuid FROM runs WHERE ${mayTake('adopt')} AND ${unattended(leaseMs)}
     ORDER BY heartbeat_at NULLS FIRST LIMIT ${ADOPTED_AT_ONCE}`);
  if (found.length === 0) return [];
  const rows = await client.run.findMany({
    where: { uuid: { in: found.map(({ uuid }) => uuid) } },
  });
  const runs = new Map(rows.map((row) => [row.uuid, toRun(row)]));
  return found.flatMap(({ uuid }) => runs.get(asUuid(uuid)) ?? []);
}

function adopt(client: Client, { run, owner }: OwnedRun, leaseMs: number): Promise<OwnedRun | null> {
  return transaction(client, async (tx) => {
    const { state, epoch, attempt, owner: worker } = run;
    const lost = worker === null ? {} : { worker };
    const data = { state, epoch, attempt, reason: workerLost(worker, attempt), ...lost };
    const where = Prisma.sql`owner IS NOT DISTINCT FROM ${worker}`;
    const isAdopted = await takeStep(tx, { run, owner, leaseMs }, 'adopt', { where, data });
    return isAdopted ? { run: await readRun(tx, run.uuid), owner } : null;
  });
}

/** An endpoint that has led to several databases is due with the first of them. */
async function takeDueSweeps(client: Client, everyMs: number, limit: number): Promise<readonly EndpointOf[]> {
  const rows = await client.$queryRaw<{ organization_uuid: string; endpoint_uuid: string }[]>(Prisma.sql`
    WITH due AS (
      SELECT database_key, endpoint_uuid FROM target_databases WHERE next_sweep_at <= now()
       ORDER BY next_sweep_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    UPDATE target_databases t SET next_sweep_at = now() + ${everyMs} * interval '1 millisecond'
      FROM due WHERE t.database_key = due.database_key AND t.endpoint_uuid = due.endpoint_uuid
    RETURNING t.organization_uuid, t.endpoint_uuid`);
  const found = rows.map((row) => ({
    organizationUuid: asUuid(row.organization_uuid),
    endpointUuid: asUuid(row.endpoint_uuid),
  }));
  return [...new Map(found.map((endpoint) => [endpoint.endpointUuid, endpoint])).values()];
}

/**
 * Every endpoint, and not one for each database: what one role has prepared no other may end, and of an endpoint and its
 * database only whoever goes there knows whether they still belong together.
 */
async function participantEndpoints(client: Client): Promise<readonly EndpointOf[]> {
  const rows = await client.targetDatabase.findMany({
    orderBy: [{ endpointUuid: 'asc' }],
    distinct: ['endpointUuid'],
  });
  return rows.map(({ organizationUuid, endpointUuid }) => ({
    organizationUuid: asUuid(organizationUuid),
    endpointUuid: asUuid(endpointUuid),
  }));
}
