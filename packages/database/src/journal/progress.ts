import { hasEnded } from '@eden/domain';
import type { OwnedRun, RunApi, RunEventData, RunEventType, RunJournal } from '@eden/domain';
import type { Client } from '../client.js';
import { Prisma } from '../generated/client.js';
import { toJson } from '../json.js';
import { appendEvent, fenced, guard } from './transition.js';

const API_FINISHED: RunEventType = 'api_finished';

/** What a run reports while it works: one statement each, guarded like a transition. */
export function progress(client: Client): Pick<RunJournal, 'recordApis' | 'recordEvent' | 'recordSource'> {
  return {
    recordApis: (owned, apis) => recordApis(client, owned, apis),
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
function outcomeOf({ api, apiId, state, bindings }: RunApi): RunEventData['api_finished'] {
  return {
    api,
    api_id: apiId,
    state,
    rows: bindings.reduce((sum, { rows }) => sum + rows, 0),
    execution_time_ms: Math.round(bindings.reduce((sum, { executionTimeMs }) => sum + executionTimeMs, 0)),
  };
}

/** All of them in one statement. */
async function recordApis(client: Client, owned: OwnedRun, apis: readonly RunApi[]): Promise<void> {
  const ended = apis.filter(({ state }) => hasEnded(state)).map(outcomeOf);
  const recorded = await client.$queryRaw<unknown[]>(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + ${ended.length}::int, heartbeat_at = now() WHERE ${guard(owned)}
      RETURNING organization_uuid, uuid, event_count),
    recorded AS (
      INSERT INTO run_apis (organization_uuid, run_uuid, api_uuid, api_id, stage, position, state, class, bindings)
      SELECT organization_uuid, uuid, api.* FROM moved, json_to_recordset(${JSON.stringify(apis.map(rowOf))}::json)
          AS api (api_uuid uuid, api_id text, stage int, position int, state text, class text, bindings json)
      ON CONFLICT (run_uuid, api_uuid) DO UPDATE
        SET state = excluded.state, class = excluded.class, bindings = excluded.bindings,
            stage = excluded.stage, position = excluded.position),
    told AS (
      INSERT INTO run_events (organization_uuid, run_uuid, sequence, type, data)
      SELECT organization_uuid, uuid, event_count - ${ended.length}::int + event.ordinality, ${API_FINISHED}, event.value
        FROM moved, json_array_elements(${JSON.stringify(ended)}::json) WITH ORDINALITY AS event)
    SELECT 1 FROM moved`);
  if (recorded.length !== 1) throw fenced(owned);
}

function rowOf({ api, apiId, stage, position, state, class: weakest, bindings }: RunApi): object {
  return { api_uuid: api, api_id: apiId, stage, position, state, class: weakest, bindings };
}
