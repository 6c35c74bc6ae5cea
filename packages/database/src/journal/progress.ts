import { hasEnded } from '@eden/domain';
import type {
  NewRunEvent,
  OwnedRun,
  RunApiChange,
  RunEventData,
  RunEventType,
  RunJournal,
  UnpreparedDatabase,
} from '@eden/domain';
import type { Client } from '../client.js';
import { Prisma } from '../generated/client.js';
import { toJson } from '../json.js';
import { runBindingRows } from './run-bindings.js';
import { appendEvent, fenced, guard } from './transition.js';

const API_FINISHED: RunEventType = 'api_finished';

/** What a run reports while it works: one statement each, guarded like a transition. */
export function progress(
  client: Client,
): Pick<RunJournal, 'recordApis' | 'recordEvent' | 'recordEvents' | 'recordSource' | 'noteUnprepared'> {
  return {
    recordApis: (owned, changes) => recordApis(client, owned, changes),
    recordEvents: (owned, events) => recordEvents(client, owned, events),
    noteUnprepared: (owned, found) => noteUnprepared(client, owned, found),
    recordSource: async (organizationUuid, uuid, statuses) => {
      const data = { statuses: toJson(statuses), checkedAt: new Date() };
      await client.migrationSource.updateMany({ where: { organizationUuid, uuid }, data });
    },
    recordEvent: async (owned, type, data) => {
      const appended = await client.$executeRaw(Prisma.sql`
        WITH moved AS (
          UPDATE runs SET event_count = event_count + 1, heartbeat_at = now() WHERE ${guard(owned)}
          RETURNING organization_uuid, uuid, event_count)
        ${appendEvent(type, data)}`);
      if (appended !== 1) throw fenced(owned);
    },
  };
}

/** What the history says of an API that has ended. */
function outcomeOf({ api, apiId, state, rows, executionTimeMs }: RunApiChange): RunEventData['api_finished'] {
  return { api, api_id: apiId, state, rows, execution_time_ms: Math.round(executionTimeMs) };
}

/** All of them in one statement. */
async function recordApis(client: Client, owned: OwnedRun, changes: readonly RunApiChange[]): Promise<void> {
  const ended = changes.filter(({ state }) => hasEnded(state)).map(outcomeOf);
  const recorded = await client.$queryRaw<unknown[]>(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + ${ended.length}::int, heartbeat_at = now() WHERE ${guard(owned)}
      RETURNING organization_uuid, uuid, event_count),
    recorded AS (
      INSERT INTO run_apis (organization_uuid, run_uuid, api_uuid, api_id, stage, position, state, class)
      SELECT organization_uuid, uuid, api.* FROM moved, json_to_recordset(${JSON.stringify(changes.map(apiRow))}::json)
          AS api (api_uuid uuid, api_id text, stage int, position int, state text, class text)
      ON CONFLICT (run_uuid, api_uuid) DO UPDATE
        SET state = excluded.state, class = excluded.class, stage = excluded.stage, position = excluded.position),
    bound AS (
      INSERT INTO run_bindings (organization_uuid, run_uuid, api_uuid, position, record)
      SELECT organization_uuid, uuid, binding.*
        FROM moved, ${bindingRows(changes)} AS binding
      ON CONFLICT (run_uuid, api_uuid, position) DO UPDATE SET record = excluded.record),
    told AS (
      INSERT INTO run_events (organization_uuid, run_uuid, sequence, type, data)
      SELECT organization_uuid, uuid, event_count - ${ended.length}::int + event.ordinality, ${API_FINISHED}, event.value
        FROM moved, json_array_elements(${JSON.stringify(ended)}::json) WITH ORDINALITY AS event)
    SELECT 1 FROM moved`);
  if (recorded.length !== 1) throw fenced(owned);
}

function apiRow({ api, apiId, stage, position, state, class: weakest }: RunApiChange): object {
  return { api_uuid: api, api_id: apiId, stage, position, state, class: weakest };
}

function bindingRows(changes: readonly RunApiChange[]): Prisma.Sql {
  return runBindingRows(
    changes.flatMap(({ api, changed }) => changed.map(({ index, binding }) => ({ api, position: index, binding }))),
  );
}

/** All of them in one statement. */
async function recordEvents(client: Client, owned: OwnedRun, events: readonly NewRunEvent[]): Promise<void> {
  if (events.length === 0) return;
  const recorded = await client.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + ${events.length}::int, heartbeat_at = now() WHERE ${guard(owned)}
      RETURNING organization_uuid, uuid, event_count)
    INSERT INTO run_events (organization_uuid, run_uuid, sequence, type, data)
    SELECT organization_uuid, uuid, event_count - ${events.length}::int + event.ordinality,
           event.value ->> 'type', event.value -> 'data'
      FROM moved, json_array_elements(${JSON.stringify(events)}::json) WITH ORDINALITY AS event`);
  if (recorded !== events.length) throw fenced(owned);
}

async function noteUnprepared(client: Client, owned: OwnedRun, found: UnpreparedDatabase): Promise<void> {
  const { planHash, databaseKey, reason } = found;
  const noted = await client.$executeRaw(Prisma.sql`
    INSERT INTO unprepared_databases (organization_uuid, migration_uuid, plan_hash, database_key, reason)
    SELECT organization_uuid, migration_uuid, ${planHash}, ${databaseKey}, ${reason} FROM runs WHERE ${guard(owned)}
    ON CONFLICT (migration_uuid, plan_hash, database_key) DO UPDATE SET reason = excluded.reason, found_at = now()`);
  if (noted !== 1) throw fenced(owned);
}
