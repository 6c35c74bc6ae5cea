import type { DatabaseIdentity, Endpoint, TargetReport } from '@eden/domain';
import type { PoolClient, QueryResult } from 'pg';
import { hasSqlstate, SQLSTATE, statementError } from './errors.js';
import { readSql } from './sql.js';

const IDENTITY = readSql('identity');
const IDENTITY_BY_ADDRESS = readSql('identity-by-address');
const INSPECT = readSql('inspect');

interface IdentityRow {
  readonly system_identifier: string;
  readonly database_oid: number;
  readonly database_name: string;
}

interface InspectRow {
  readonly role: string;
  readonly server_version: string;
  readonly max_prepared_transactions: number;
  readonly schema_fingerprint: string;
}

/** All of it in one round trip. @throws EdenError ENDPOINT_UNAVAILABLE */
export async function inspect(client: PoolClient, endpoint: Endpoint): Promise<TargetReport> {
  const startedAt = performance.now();
  const [identity, found] = await readCatalog(client, endpoint, INSPECT);
  const latencyMs = performance.now() - startedAt;
  const row = found?.rows[0] as InspectRow;
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
export async function identify(client: PoolClient, endpoint: Endpoint): Promise<DatabaseIdentity> {
  const [identity] = await readCatalog(client, endpoint);
  return identityOf(identity);
}

/** The identity and what `statements` give, one result each. */
async function readCatalog(client: PoolClient, endpoint: Endpoint, ...statements: string[]): Promise<QueryResult[]> {
  try {
    return await readWith(client, [IDENTITY, ...statements]).catch(async (error: unknown) => {
      if (!hasSqlstate(error, SQLSTATE.insufficientPrivilege)) throw error;
      return readWith(client, [IDENTITY_BY_ADDRESS, ...statements]);
    });
  } catch (error) {
    throw statementError(endpoint.id, error);
  }
}

async function readWith(client: PoolClient, statements: readonly string[]): Promise<QueryResult[]> {
  const message = ['BEGIN READ ONLY', 'SET LOCAL search_path = pg_catalog', ...statements.map(withoutEnd), 'COMMIT'];
  try {
    const results: unknown = await client.query(message.join(';\n'));
    return (results as QueryResult[]).slice(2, -1);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

function withoutEnd(statement: string): string {
  return statement.replace(/;\s*$/, '');
}

function identityOf(result: QueryResult | undefined): DatabaseIdentity {
  const row = result?.rows[0] as IdentityRow;
  return {
    systemIdentifier: row.system_identifier,
    databaseOid: row.database_oid,
    databaseName: row.database_name,
  };
}
