import {
  hasOwnId,
  type EdenError,
  type DatabaseIdentity,
  type DatabaseSighting,
  type Endpoint,
  type SchemaObject,
  type TargetReport,
} from '@eden/domain';
import type { ClientBase, QueryResult } from 'pg';
import { endpointUnavailable, hasSqlstate, SQLSTATE } from './errors.js';
import { ProtocolViolation } from './guard/guard-errors.js';
import { onlyRow, type Columns } from './guard/rows.js';
import { CAPABILITIES, lookAlike, lacking, lacks } from './capabilities.js';
import { holdProofSql, newProof } from './proof.js';
import { shortTransaction } from './short-transaction.js';
import { readSql } from './sql.js';

const IDENTITY = readSql('identity');
const IDENTITY_BY_ADDRESS = readSql('identity-by-address');
/** The beginning of both that follow. */
const SCHEMA = readSql('schema');
const INSPECT = SCHEMA + readSql('inspect');
const OBJECTS = SCHEMA + readSql('objects');
const OWN_ID = 'SELECT id::text AS id FROM _eden.identity';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface IdentityRow {
  readonly system_identifier: string;
  readonly database_oid: number;
  readonly database_name: string;
}

const IDENTITY_COLUMNS: Columns<IdentityRow> = {
  system_identifier: 'text',
  database_oid: 'number',
  database_name: 'text',
};

interface InspectRow {
  readonly role: string;
  readonly server_version: string;
  readonly max_prepared_transactions: number;
  readonly schema_fingerprint: string;
}

const INSPECT_COLUMNS: Columns<InspectRow> = {
  role: 'text',
  server_version: 'text',
  max_prepared_transactions: 'number',
  schema_fingerprint: 'text',
};

/** For queries of the catalog, which only wait when somebody has locked the catalog itself. */
export interface CatalogWork {
  readonly endpoint: Endpoint;
  readonly answerTimeoutMs: number;
}

/** All of it in one round trip. @throws EdenError ENDPOINT_UNAVAILABLE; ENDPOINT_NOT_ALLOWED where it is no PostgreSQL */
export async function inspect(client: ClientBase, work: CatalogWork): Promise<TargetReport> {
  const startedAt = performance.now();
  const { identity, found } = await readCatalog(client, work, holdProofSql(newProof()), CAPABILITIES, INSPECT);
  const latencyMs = performance.now() - startedAt;
  const [, able, report] = found;
  const missing = lacking(able);
  if (missing !== null) throw lookAlike(work.endpoint, missing);
  const row = onlyRow(report, INSPECT_COLUMNS);
  return {
    latencyMs: Math.round(latencyMs * 100) / 100,
    serverVersion: row.server_version,
    identity,
    role: row.role,
    class: row.max_prepared_transactions > 0 ? '2pc' : 'one-phase',
    schemaFingerprint: row.schema_fingerprint,
  };
}

/** All objects of the schema. @throws EdenError ENDPOINT_UNAVAILABLE, RESULT_TOO_LARGE */
export async function describeSchema(client: ClientBase, work: CatalogWork): Promise<readonly SchemaObject[]> {
  const { found } = await readCatalog(client, work, OBJECTS);
  return (found[0]?.rows ?? []).map(objectOf);
}

/** Longer than any that objects.sql gives. */
const LONGEST_TEXT = 8192;

function objectOf(row: unknown): SchemaObject {
  const { object, parent, text, definition } = row as Readonly<Record<keyof SchemaObject, unknown>>;
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_TEXT;
  if (!isText(object) || !isText(text) || !(parent === null || isText(parent))) throw unexpected();
  if (!(definition === null || isText(definition))) throw unexpected();
  return { object, parent, text, definition };
}

function unexpected(): ProtocolViolation {
  return new ProtocolViolation('an answer is not what was asked for');
}

/** @throws EdenError ENDPOINT_UNAVAILABLE */
export async function identify(client: ClientBase, work: CatalogWork): Promise<DatabaseIdentity> {
  return (await readCatalog(client, work)).identity;
}

/** What a role may not read, or a database does not have, is done without. */
interface Question {
  readonly server: 'control' | 'address';
  readonly ownId: boolean;
}

/** The identity and what `statements` give, one result each. */
async function readCatalog(client: ClientBase, work: CatalogWork, ...statements: string[]): Promise<Answer> {
  let asked: Question | null = { server: 'control', ownId: true };
  for (;;) {
    try {
      return await ask(client, work, asked, statements);
    } catch (error) {
      asked = lessThan(asked, error);
      if (asked === null) throw notRead(work.endpoint, error);
    }
  }
}

function notRead(endpoint: Endpoint, error: unknown): EdenError {
  const missing = lacks(error);
  return missing === null ? endpointUnavailable(endpoint.id, error) : lookAlike(endpoint, missing, error);
}

interface Answer {
  readonly identity: DatabaseIdentity;
  readonly found: readonly QueryResult[];
}

async function ask(
  client: ClientBase,
  { answerTimeoutMs }: CatalogWork,
  { server, ownId }: Question,
  statements: readonly string[],
): Promise<Answer> {
  const limits = { lockTimeoutMs: answerTimeoutMs, statementTimeoutMs: answerTimeoutMs, readOnly: true } as const;
  const identity = server === 'control' ? IDENTITY : IDENTITY_BY_ADDRESS;
  const all = ['SET LOCAL search_path = pg_catalog', ...(ownId ? [OWN_ID] : []), identity, ...statements];
  const results = (await shortTransaction(client, limits, all)).slice(1);
  const id = ownId ? results[0] : undefined;
  const [found, ...others] = results.slice(ownId ? 1 : 0);
  return { identity: identityOf(found, id), found: others };
}

/** Null when what is missing is needed. A role without rights to the one may have them to the other. */
function lessThan({ server, ownId }: Question, error: unknown): Question | null {
  if (ownId && hasSqlstate(error, SQLSTATE.undefinedTable, SQLSTATE.undefinedSchema)) return { server, ownId: false };
  if (!hasSqlstate(error, SQLSTATE.insufficientPrivilege)) return null;
  if (server === 'control') return { server: 'address', ownId };
  return ownId ? { server, ownId: false } : null;
}

/** The place: the server, then the database's oid in it, both of fixed length, so that places sort as numbers do. */
function identityOf(result: QueryResult | undefined, id: QueryResult | undefined): DatabaseIdentity {
  const row = onlyRow(result, IDENTITY_COLUMNS);
  const server = row.system_identifier.padStart(20, '0');
  const place = `${server}/${String(row.database_oid).padStart(10, '0')}`;
  // Of a standby that is behind, the table may be there and its row not yet.
  const key = id === undefined || id.rows.length === 0 ? place : ownIdOf(id);
  return { key, place, name: row.database_name };
}

function ownIdOf(result: QueryResult): string {
  const { id } = onlyRow<{ id: string }>(result, { id: 'text' });
  if (UUID.test(id)) return id;
  throw new ProtocolViolation('an answer is not what was asked for');
}

/** What was known, by what is found now. */
export function sightingOf(here: DatabaseIdentity, known: DatabaseIdentity): DatabaseSighting {
  const isHere = isSamePlace(here.place, known.place);
  if (hasOwnId(here) && hasOwnId(known) && here.key !== known.key) return 'elsewhere';
  if (isHere) return 'here';
  return here.key === known.key ? 'moved' : 'elsewhere';
}

/** A server that is only known by its address (identity-by-address.sql) may have another one after a failover. */
function isSamePlace(a: string, b: string): boolean {
  const [[serverA = '', oidA], [serverB = '', oidB]] = [a.split('/'), b.split('/')];
  if (oidA !== oidB) return false;
  return serverA === serverB || serverA.includes(':') || serverB.includes(':');
}
