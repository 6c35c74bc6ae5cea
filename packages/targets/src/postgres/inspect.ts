import type { DatabaseIdentity, Endpoint, TargetReport } from '@eden/domain';
import type { ClientBase, QueryResult } from 'pg';
import { endpointUnavailable, hasSqlstate, SQLSTATE } from './errors.js';
import { onlyRow, type Columns } from './guard/rows.js';
import { CAPABILITIES, lookAlike, lacking, lacks } from './capabilities.js';
import { holdProofSql, newProof } from './proof.js';
import { shortTransaction } from './short-transaction.js';
import { readSql } from './sql.js';

const IDENTITY = readSql('identity');
const IDENTITY_BY_ADDRESS = readSql('identity-by-address');
const INSPECT = readSql('inspect');

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
  const [identity, , able, found] = await readCatalog(client, work, holdProofSql(newProof()), CAPABILITIES, INSPECT);
  const latencyMs = performance.now() - startedAt;
  const missing = lacking(able);
  if (missing !== null) throw lookAlike(work.endpoint, missing);
  const row = onlyRow(found, INSPECT_COLUMNS);
  return {
    latencyMs: Math.round(latencyMs * 100) / 100,
    serverVersion: row.server_version,
    identity: identityOf(identity),
    role: row.role,
    class: row.max_prepared_transactions > 0 ? '2pc' : 'one-phase',
    schemaFingerprint: row.schema_fingerprint,
  };
}

/** @throws EdenError ENDPOINT_UNAVAILABLE */
export async function identify(client: ClientBase, work: CatalogWork): Promise<DatabaseIdentity> {
  const [identity] = await readCatalog(client, work);
  return identityOf(identity);
}

/** The identity and what `statements` give, one result each. */
async function readCatalog(client: ClientBase, work: CatalogWork, ...statements: string[]): Promise<QueryResult[]> {
  const { answerTimeoutMs } = work;
  const limits = { lockTimeoutMs: answerTimeoutMs, statementTimeoutMs: answerTimeoutMs, readOnly: true } as const;
  const read = async (identity: string): Promise<QueryResult[]> => {
    const all = ['SET LOCAL search_path = pg_catalog', identity, ...statements];
    return (await shortTransaction(client, limits, all)).slice(1);
  };
  try {
    return await read(IDENTITY);
  } catch (error) {
    if (hasSqlstate(error, SQLSTATE.insufficientPrivilege)) return read(IDENTITY_BY_ADDRESS);
    const missing = lacks(error);
    throw missing === null ? endpointUnavailable(work.endpoint.id, error) : lookAlike(work.endpoint, missing, error);
  }
}

/** The key: the server, then the database's oid in it, both of fixed length, so that keys sort as numbers do. */
function identityOf(result: QueryResult | undefined): DatabaseIdentity {
  const row = onlyRow(result, IDENTITY_COLUMNS);
  const server = row.system_identifier.padStart(20, '0');
  return { key: `${server}/${String(row.database_oid).padStart(10, '0')}`, name: row.database_name };
}

/** A server that is only known by its address (identity-by-address.sql) may have another one after a failover. */
export function isSameDatabase(a: DatabaseIdentity, b: DatabaseIdentity): boolean {
  const [[serverA = '', oidA], [serverB = '', oidB]] = [a.key.split('/'), b.key.split('/')];
  if (oidA !== oidB) return false;
  return serverA === serverB || serverA.includes(':') || serverB.includes(':');
}
