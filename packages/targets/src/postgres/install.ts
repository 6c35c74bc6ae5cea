import { EdenError, type Endpoint, type Uuid } from '@eden/domain';
import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import { hasSqlstate, SQLSTATE, statementError } from './errors.js';
import { onlyRow } from './guard/rows.js';
import { installKey } from './names.js';
import { shortTransaction } from './short-transaction.js';
import { readSql } from './sql.js';
import type { Timeouts } from './transaction.js';

const INSTALL = readSql('install');
const STATE = readSql('install-state');

/** How the schema stands to a role. */
interface InstallState {
  readonly installed: boolean;
  readonly permitted: boolean;
  readonly role: string;
  readonly database: string;
}

/**
 * Makes the schema `_eden` where it is missing, in a transaction of its own under an advisory lock, and the fence row
 * of the migration. Any number of callers, from any number of processes, may do so at once.
 * @throws EdenError TARGET_RIGHTS_MISSING (context: sql to run), ENDPOINT_UNAVAILABLE
 */
export async function install(client: ClientBase, endpoint: Endpoint, work: InstallWork): Promise<void> {
  const timeouts = { lockTimeoutMs: work.lockWaitMs, statementTimeoutMs: work.lockWaitMs };
  const fence = `INSERT INTO _eden.fence (migration_uuid, epoch)
    VALUES (${escapeLiteral(work.migrationUuid)}, 0) ON CONFLICT DO NOTHING`;
  try {
    const found = await readState(client);
    if (!found.installed) await createSchema(client, timeouts, found, endpoint);
    const state = found.installed ? found : await readState(client);
    if (!state.permitted) throw rightsMissing(endpoint, grantUse(state));
    await shortTransaction(client, timeouts, [fence]);
  } catch (error) {
    throw statementError(endpoint.id, error);
  }
}

export interface InstallWork {
  readonly migrationUuid: Uuid;
  /** Longest wait for others who install. */
  readonly lockWaitMs: number;
}

async function readState(client: ClientBase): Promise<InstallState> {
  const result = await client.query(STATE);
  return onlyRow<InstallState>(result, { installed: 'boolean', permitted: 'boolean', role: 'text', database: 'text' });
}

async function createSchema(
  client: ClientBase,
  timeouts: Timeouts,
  { role, database }: InstallState,
  endpoint: Endpoint,
): Promise<void> {
  try {
    await shortTransaction(client, timeouts, [`SELECT pg_advisory_xact_lock(${installKey()})`, INSTALL]);
  } catch (error) {
    if (!hasSqlstate(error, SQLSTATE.insufficientPrivilege)) throw error;
    const grant = `GRANT CREATE ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(role)};`;
    throw rightsMissing(endpoint, grant, error);
  }
}

function grantUse({ role }: InstallState): string {
  const grantee = escapeIdentifier(role);
  return [
    `GRANT USAGE ON SCHEMA _eden TO ${grantee};`,
    `GRANT SELECT, INSERT, UPDATE ON _eden.fence, _eden.gate TO ${grantee};`,
    `GRANT SELECT, INSERT, DELETE ON _eden.ledger TO ${grantee};`,
  ].join('\n');
}

function rightsMissing(endpoint: Endpoint, sql: string, cause?: unknown): EdenError {
  return new EdenError('TARGET_RIGHTS_MISSING', { endpoint_id: endpoint.id, sql }, { cause });
}
