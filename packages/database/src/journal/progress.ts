import { hasEnded } from '@eden/domain';
import type {
  NewRunEvent,
  NewSchemaSnapshot,
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
import { roundsIn } from '../rounds.js';
import { compressed } from '../store/schemas.js';
import { runApiRows } from './run-apis.js';
import { runBindingRows } from './run-bindings.js';
import { eventStep, fenced, guard } from './transition.js';

const API_FINISHED: RunEventType = 'api_finished';

/** What a run reports while it works: one statement each, guarded like a transition. */
export function progress(
  client: Client,
): Pick<RunJournal, 'recordApis' | 'recordEvent' | 'recordEvents' | 'recordSource' | 'noteUnprepared' | 'noteSchemas'> {
  return {
    recordApis: (owned, changes) => recordApis(client, owned, changes),
    recordEvents: (owned, events) => recordEvents(client, owned, events),
    noteUnprepared: (owned, found) => noteUnprepared(client, owned, found),
    noteSchemas: (owned, snapshots) => noteSchemas(client, owned, snapshots),
    recordSource: async (organizationUuid, uuid, statuses) => {
      const data = { statuses: toJson(statuses), checkedAt: new Date() };
      await client.migrationSource.updateMany({ where: { organizationUuid, uuid }, data });
    },
    recordEvent: async (owned, type, data) => {
      await roundsIn(client)([eventStep(owned, type, data)]);
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
      SELECT organization_uuid, uuid, api.* FROM moved, ${runApiRows(changes)}
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

/** What goes into one statement, in bytes. */
const MOST_OF_SCHEMAS = 1024 * 1024;

async function noteSchemas(client: Client, owned: OwnedRun, snapshots: readonly NewSchemaSnapshot[]): Promise<void> {
  const rows = await Promise.all(
    snapshots.map(async (snapshot) => {
      const { database, endpointUuid } = snapshot;
      return { key: database.key, name: database.name, endpointUuid, objects: await compressed(snapshot) };
    }),
  );
  for (const some of inPortions(rows)) await noteSome(client, owned, some);
}

interface SchemaRow {
  readonly key: string;
  readonly name: string;
  readonly endpointUuid: string;
  /** Compressed, in base64; null where they could not be read. */
  readonly objects: string | null;
}

function inPortions(rows: readonly SchemaRow[]): readonly (readonly SchemaRow[])[] {
  const portions: SchemaRow[][] = [];
  let bytes = Infinity;
  for (const row of rows) {
    const more = row.objects?.length ?? 0;
    if (bytes + more > MOST_OF_SCHEMAS) portions.push([]);
    bytes = bytes + more > MOST_OF_SCHEMAS ? more : bytes + more;
    portions.at(-1)?.push(row);
  }
  return portions;
}

async function noteSome(client: Client, owned: OwnedRun, rows: readonly SchemaRow[]): Promise<void> {
  const columns = Prisma.sql`
    ${rows.map(({ key }) => key)}::text[], ${rows.map(({ name }) => name)}::text[],
    ${rows.map(({ endpointUuid }) => endpointUuid)}::uuid[], ${rows.map(({ objects }) => objects)}::text[]`;
  const noted = await client.$queryRaw<unknown[]>(Prisma.sql`
    WITH own AS (
      SELECT organization_uuid, migration_uuid FROM runs WHERE ${guard(owned)}),
    told AS (
      SELECT key, name, endpoint_uuid, decode(objects, 'base64') AS objects
        FROM unnest(${columns}) AS told (key, name, endpoint_uuid, objects)),
    gone AS (
      DELETE FROM schema_snapshots s USING own, told
       WHERE told.objects IS NULL AND s.migration_uuid = own.migration_uuid AND s.database_key = told.key),
    kept AS (
      INSERT INTO schema_snapshots (organization_uuid, migration_uuid, database_key, database_name, endpoint_uuid, objects, taken_at)
      SELECT organization_uuid, migration_uuid, key, name, endpoint_uuid, objects, now()
        FROM own, told WHERE objects IS NOT NULL
      ON CONFLICT (migration_uuid, database_key) DO UPDATE
        SET database_name = excluded.database_name, endpoint_uuid = excluded.endpoint_uuid, objects = excluded.objects,
            taken_at = excluded.taken_at)
    SELECT 1 FROM own`);
  if (noted.length !== 1) throw fenced(owned);
}
