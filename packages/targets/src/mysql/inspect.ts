import {
  EdenError,
  hasOwnId,
  type DatabaseIdentity,
  type DatabaseSighting,
  type Endpoint,
  type JsonObject,
  type SchemaObject,
  type TargetReport,
} from '@eden/domain';
import { endpointUnavailable, ERROR, hasErrno } from './errors.js';
import { ProtocolViolation } from './guard/guard-errors.js';
import type { GuardedSession } from './guard/guarded-session.js';
import { FINGERPRINT, SCHEMA_LINES } from './fingerprint.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const SERVER = `SELECT DATABASE() AS name, CURRENT_USER() AS role, VERSION() AS version, @@hostname AS host, @@port AS port,
  @@global.read_only = 1 AS standby`;
const SERVER_VARIABLES = "SHOW VARIABLES WHERE Variable_name IN ('server_uid', 'wsrep_on')";

/** For queries of the catalog. */
export interface CatalogWork {
  readonly endpoint: Endpoint;
  readonly answerTimeoutMs: number;
}

interface Server {
  readonly identity: DatabaseIdentity;
  readonly role: string;
  readonly version: string;
  readonly standby: boolean;
}

/** @throws EdenError ENDPOINT_UNAVAILABLE; ENDPOINT_NOT_ALLOWED for a cluster */
export async function inspect(session: GuardedSession, work: CatalogWork): Promise<TargetReport> {
  const startedAt = performance.now();
  const { identity, role, version, standby } = await readServer(session, work);
  const latencyMs = performance.now() - startedAt;
  const rows = await ask(session, work, FINGERPRINT);
  return {
    latencyMs: Math.round(latencyMs * 100) / 100,
    serverVersion: version,
    identity,
    role,
    class: standby ? 'one-phase' : '2pc',
    schemaFingerprint: textOf(rows[0], 'fingerprint'),
  };
}

/** All objects of the schema. @throws EdenError ENDPOINT_UNAVAILABLE, RESULT_TOO_LARGE */
export async function describeSchema(session: GuardedSession, work: CatalogWork): Promise<readonly SchemaObject[]> {
  const objects = new Map<string, SchemaObject>();
  for (const row of await ask(session, work, SCHEMA_LINES)) {
    const [object, line] = [textOf(row, 'object'), textOf(row, 'line')];
    const parent = row['parent'] === null ? null : textOf(row, 'parent');
    const text = [objects.get(object)?.text, line].filter((each) => each !== undefined).join('\n');
    objects.set(object, { object, parent, text, definition: null });
  }
  return [...objects.values()];
}

/** @throws EdenError ENDPOINT_UNAVAILABLE */
export async function identify(session: GuardedSession, work: CatalogWork): Promise<DatabaseIdentity> {
  return (await readServer(session, work)).identity;
}

async function readServer(session: GuardedSession, work: CatalogWork): Promise<Server> {
  const [server = {}] = await ask(session, work, SERVER);
  const variables = await ask(session, work, SERVER_VARIABLES);
  const variable = (name: string) => variables.find((row) => row['Variable_name'] === name)?.['Value'];
  if (variable('wsrep_on') === 'ON') throw cluster(work.endpoint);
  const uid = variable('server_uid');
  const at = typeof uid === 'string' && uid !== '' ? uid : `${textOf(server, 'host')}:${String(server['port'])}`;
  const name = textOf(server, 'name');
  const place = `${at}/${name}`;
  return {
    identity: { key: (await readOwnId(session, work)) ?? place, place, name },
    role: textOf(server, 'role'),
    version: textOf(server, 'version'),
    standby: server['standby'] === 1,
  };
}

/** Null before the service has ever worked there. */
async function readOwnId(session: GuardedSession, work: CatalogWork): Promise<string | null> {
  try {
    const { rows } = await session.query('SELECT id FROM _eden_identity', work);
    if (rows[0] === undefined) return null;
    const id = textOf(rows[0], 'id');
    if (!UUID.test(id)) throw new ProtocolViolation('an answer is not what was asked for');
    return id;
  } catch (error) {
    if (hasErrno(error, ERROR.noSuchTable, ERROR.accessDeniedToTable)) return null;
    throw endpointUnavailable(work.endpoint.id, error);
  }
}

async function ask(session: GuardedSession, work: CatalogWork, sql: string): Promise<readonly JsonObject[]> {
  try {
    return (await session.query(sql, work)).rows;
  } catch (error) {
    throw endpointUnavailable(work.endpoint.id, error);
  }
}

function textOf(row: JsonObject | undefined, name: string): string {
  const value = row?.[name];
  if (typeof value !== 'string') throw new ProtocolViolation('an answer is not what was asked for');
  return value;
}

/** Its row locks are those of one node, and it has neither XA nor GET_LOCK. */
function cluster({ id }: Endpoint): EdenError {
  const details =
    'The server is a node of a Galera cluster, whose locks hold on one node only and which prepares nothing';
  return new EdenError('ENDPOINT_NOT_ALLOWED', { endpoint_id: id, reason: 'galera', details, setting: null });
}

/** What was known, by what is found now. */
export function sightingOf(here: DatabaseIdentity, known: DatabaseIdentity): DatabaseSighting {
  if (hasOwnId(here) && hasOwnId(known) && here.key !== known.key) return 'elsewhere';
  if (here.place === known.place) return 'here';
  return here.key === known.key ? 'moved' : 'elsewhere';
}
