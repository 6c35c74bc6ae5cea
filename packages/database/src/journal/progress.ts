import { hasEnded } from '@eden/domain';
import type { OwnedRun, RunApiChange, RunEventData, RunEventType, RunJournal } from '@eden/domain';
import type { Client } from '../client.js';
import { Prisma } from '../generated/client.js';
import { toJson } from '../json.js';
import { appendEvent, fenced, guard } from './transition.js';

const API_FINISHED: RunEventType = 'api_finished';

/** What a run reports while it works: one statement each, guarded like a transition. */
export function progress(client: Client): Pick<RunJournal, 'recordApis' | 'recordEvent' | 'recordSource'> {
  return {
    recordApis: (owned, changes) => recordApis(client, owned, changes),
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
        FROM moved, json_to_recordset(${JSON.stringify(changes.flatMap(bindingRows))}::json)
          AS binding (api_uuid uuid, position int, record json)
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

function bindingRows({ api, changed }: RunApiChange): readonly object[] {
  return changed.map(({ index, binding }) => ({ api_uuid: api, position: index, record: binding }));
}
