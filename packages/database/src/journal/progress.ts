import type { OwnedRun, RunApi, RunEventData, RunJournal } from '@eden/domain';
import type { Client } from '../client.js';
import { Prisma } from '../generated/client.js';
import { appendEvent, fenced, guard } from './transition.js';

/** What a run reports while it works: one statement each, guarded like a transition. */
export function progress(client: Client): Pick<RunJournal, 'recordApi' | 'recordEvent'> {
  return {
    recordApi: (owned, api) => recordApi(client, owned, api),
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

async function recordApi(client: Client, owned: OwnedRun, api: RunApi): Promise<void> {
  const { stage, position, state } = api;
  const bindings = JSON.stringify(api.bindings);
  const recorded = await client.$executeRaw(Prisma.sql`
    WITH moved AS (
      UPDATE runs SET event_count = event_count + 1, heartbeat_at = now() WHERE ${guard(owned)}
      RETURNING organization_uuid, uuid, event_count),
    recorded AS (
      INSERT INTO run_apis (organization_uuid, run_uuid, api_uuid, api_id, stage, position, state, class, bindings)
      SELECT organization_uuid, uuid, ${api.api}::uuid, ${api.apiId}, ${stage}::int, ${position}::int, ${state},
             ${api.class}, ${bindings}::json
        FROM moved
      ON CONFLICT (run_uuid, api_uuid) DO UPDATE
        SET state = excluded.state, class = excluded.class, bindings = excluded.bindings,
            stage = excluded.stage, position = excluded.position)
    ${appendEvent('api_finished', outcomeOf(api))}`);
  if (recorded !== 1) throw fenced(owned);
}
