import { EdenError, type Endpoint, type LintFinding, type Uuid } from '@eden/domain';
import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import { hasSqlstate, SQLSTATE, statementError } from './errors.js';
import { onlyRow, type Columns } from './guard/rows.js';
import { installKey } from './names.js';
import { shortTransaction, type ShortLimits } from './short-transaction.js';
import { ANSWER_MARGIN_MS, readSql } from './sql.js';

/** What brings `_eden` from each version to the next; the first one makes it. */
const UPGRADES = [readSql('install-1'), readSql('install-2'), readSql('install-3')] as const;
const VERSION = 'SELECT version FROM _eden.version';
const STATE = readSql('install-state');

/** In one transaction. */
const MOST_STATEMENTS = 2;

/** How the schema stands to a role. */
interface InstallState {
  /** 0 where it is missing. */
  readonly version: number;
  /** Whether it has a table that tells its version. */
  readonly tells: boolean;
  readonly permitted: boolean;
  readonly role: string;
  readonly database: string;
}

const STATE_COLUMNS: Columns<InstallState> = {
  version: 'number',
  tells: 'boolean',
  permitted: 'boolean',
  role: 'text',
  database: 'text',
};

/**
 * Brings the schema `_eden` to the version of this build, in a transaction of its own under an advisory lock, and makes
 * the fence row of the migration. Any number of callers, from any number of processes, may do so at once. A schema of a
 * newer build stays as it is, and is named.
 * @throws EdenError TARGET_RIGHTS_MISSING (context: sql to run), ENDPOINT_UNAVAILABLE
 */
export async function install(
  client: ClientBase,
  endpoint: Endpoint,
  work: InstallWork,
): Promise<readonly LintFinding[]> {
  const timeouts = {
    lockTimeoutMs: work.lockWaitMs,
    statementTimeoutMs: work.lockWaitMs,
    answerTimeoutMs: MOST_STATEMENTS * work.lockWaitMs + ANSWER_MARGIN_MS,
  };
  const fence = `INSERT INTO _eden.fence (migration_uuid, epoch)
    VALUES (${escapeLiteral(work.migrationUuid)}, 0) ON CONFLICT DO NOTHING`;
  try {
    const found = await readState(client);
    const isCurrent = found.version >= UPGRADES.length;
    if (!isCurrent) await upgrade(client, endpoint, { timeouts, found });
    const state = isCurrent ? found : await readState(client);
    if (!state.permitted) throw rightsMissing(endpoint, grantUse(state));
    await shortTransaction(client, timeouts, [fence]);
    return state.version > UPGRADES.length ? [newerSchema(state)] : [];
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
  const state = onlyRow<InstallState>(await client.query(STATE), STATE_COLUMNS);
  if (!state.tells) return state;
  // Whoever may not read it asks for that first.
  if (!state.permitted) return { ...state, version: UPGRADES.length };
  const told = onlyRow<Pick<InstallState, 'version'>>(await client.query(VERSION), { version: 'number' });
  return { ...state, ...told };
}

interface Upgrade {
  readonly timeouts: ShortLimits;
  readonly found: InstallState;
}

/** The others may have done it by the time that the lock is had: then there is nothing left to do. */
async function upgrade(client: ClientBase, endpoint: Endpoint, { timeouts, found }: Upgrade): Promise<void> {
  const steps = UPGRADES.slice(found.version);
  try {
    await shortTransaction(client, timeouts, [
      `SELECT pg_advisory_xact_lock(${installKey()})`,
      onlyFrom(found.version, steps.join('\n')),
    ]);
  } catch (error) {
    if (!hasSqlstate(error, SQLSTATE.insufficientPrivilege)) throw error;
    throw rightsMissing(
      endpoint,
      found.version === 0 ? grantCreate(found) : [...steps, grantUse(found)].join('\n'),
      error,
    );
  }
}

/** What tells that the schema is still of a version: the first two have no table that does. */
function isStill(version: number): string {
  if (version === 0) return "to_regclass('_eden.ledger') IS NULL";
  return version === 1 ? "to_regclass('_eden.version') IS NULL" : `(SELECT version FROM _eden.version) = ${version}`;
}

/** Runs the steps where the schema is still as it was found. */
export function onlyFrom(version: number, steps: string): string {
  return `DO $upgrade$ BEGIN
    IF ${isStill(version)} THEN
${steps}
    END IF;
  END $upgrade$`;
}

function newerSchema({ version, database }: InstallState): LintFinding {
  const message = `the schema _eden of ${database} has version ${version}, made by a newer build of the service than this one, which knows ${UPGRADES.length}: it stays as it is; bring all installations that use this database to the newer build`;
  return { rule: 'newer-eden-schema', severity: 'warning', message };
}

function grantCreate({ role, database }: InstallState): string {
  return `GRANT CREATE ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(role)};`;
}

function grantUse({ role }: InstallState): string {
  const grantee = escapeIdentifier(role);
  return [
    `GRANT USAGE ON SCHEMA _eden TO ${grantee};`,
    `GRANT SELECT, INSERT, UPDATE ON _eden.fence, _eden.gate TO ${grantee};`,
    `GRANT SELECT, INSERT, DELETE ON _eden.ledger TO ${grantee};`,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON _eden.step TO ${grantee};`,
  ].join('\n');
}

function rightsMissing(endpoint: Endpoint, sql: string, cause?: unknown): EdenError {
  return new EdenError('TARGET_RIGHTS_MISSING', { endpoint_id: endpoint.id, sql }, { cause });
}
