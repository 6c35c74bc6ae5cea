import { EdenError, type Endpoint, type LintFinding, type Uuid } from '@eden/domain';
import { quoteMysqlIdentifier } from '@eden/lexers';
import { parseConfig } from './config.js';
import { endpointUnavailable, ERROR, hasErrno } from './errors.js';
import type { GuardedSession } from './guard/guarded-session.js';
import { installLock } from './names.js';
import { ANSWER_MARGIN_MS, literal, wholeSeconds } from './sql.js';

/** Of the tables that this build makes. */
const VERSION = 2;

const KEY = 'char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL';
const ID = "varchar(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT ''";
const FORM = 'ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4';

/**
 * What the service keeps in a target, among the target's own tables: MariaDB has no schemas within a database.
 *
 * fence     the newest epoch that may write for a migration; rows are never deleted
 * gate      the version of an API's definition that fits this database
 * ledger    one row for each committed participant, until its run is known to be complete
 * session   participants that are there, or were when their worker died; written before their transaction begins
 * step      one row for each step of a run outside its transaction: how many of its statements are through, and what was there
 *           before those that commit by themselves. Whoever takes a step back raises its epoch. Stays until its run is pruned
 * identity  an id of this database's own, which copies have as well until they are given another one
 *
 * `holder` is the prepared id of the participant that has the row: whoever waits for it can read that, and nothing else.
 */
const TABLES: readonly string[] = [
  `_eden_fence (migration_uuid ${KEY} PRIMARY KEY, epoch bigint NOT NULL, holder ${ID})`,
  `_eden_gate (api_uuid ${KEY} PRIMARY KEY, schema_version bigint NOT NULL, holder ${ID})`,
  `_eden_ledger (run_uuid ${KEY}, epoch bigint NOT NULL, number integer NOT NULL, token ${ID},
     committed_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), PRIMARY KEY (run_uuid, epoch, number))`,
  `_eden_session (prepared_id ${ID} PRIMARY KEY, run_uuid ${KEY}, epoch bigint NOT NULL, role varchar(400) NOT NULL DEFAULT '',
     opened_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), KEY run (run_uuid))`,
  `_eden_step (run_uuid ${KEY}, number integer NOT NULL, epoch bigint NOT NULL, state varchar(10) NOT NULL,
     position integer NOT NULL DEFAULT 0, undone integer NOT NULL DEFAULT 0, note longtext NOT NULL DEFAULT '{}',
     begun_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), PRIMARY KEY (run_uuid, number))`,
  `_eden_identity (single tinyint NOT NULL PRIMARY KEY DEFAULT 1, id ${KEY}, made_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6))`,
  `_eden_version (single tinyint NOT NULL PRIMARY KEY DEFAULT 1, version integer NOT NULL)`,
];

/** What participants, gates and recovery do there; none of it changes anything. */
const TRIED: readonly string[] = [
  'UPDATE _eden_fence SET epoch = epoch WHERE FALSE',
  'UPDATE _eden_gate SET holder = holder WHERE FALSE',
  "INSERT INTO _eden_gate (api_uuid, schema_version) SELECT '', 0 FROM _eden_version WHERE FALSE",
  "INSERT INTO _eden_ledger (run_uuid, epoch, number) SELECT '', 0, 0 FROM _eden_version WHERE FALSE",
  'DELETE FROM _eden_ledger WHERE FALSE',
  "INSERT INTO _eden_session (run_uuid, epoch) SELECT '', 0 FROM _eden_version WHERE FALSE",
  'DELETE FROM _eden_session WHERE FALSE',
  "INSERT INTO _eden_step (run_uuid, number, epoch, state) SELECT '', 0, 0, '' FROM _eden_version WHERE FALSE",
  'UPDATE _eden_step SET undone = undone WHERE FALSE',
  'DELETE FROM _eden_step WHERE FALSE',
];

export interface InstallWork {
  readonly migrationUuid: Uuid;
  /** Longest wait for others who install. */
  readonly lockWaitMs: number;
  readonly answerTimeoutMs: number;
}

/**
 * Makes our tables where they are missing, and the fence row of the migration. Any number of callers may do so at once.
 * @throws EdenError TARGET_RIGHTS_MISSING (context: sql to run)
 */
export async function install(
  session: GuardedSession,
  endpoint: Endpoint,
  { migrationUuid, lockWaitMs, answerTimeoutMs }: InstallWork,
): Promise<readonly LintFinding[]> {
  const run = (sql: string) => session.query(sql, { answerTimeoutMs });
  try {
    await run(
      `SET SESSION lock_wait_timeout = ${wholeSeconds(lockWaitMs)}, innodb_lock_wait_timeout = ${wholeSeconds(lockWaitMs)}`,
    );
    const installed = await readVersion(session, answerTimeoutMs);
    const found = installed >= VERSION ? installed : await makeTables(session, endpoint, lockWaitMs);
    for (const sql of TRIED) await run(sql);
    await run(`INSERT IGNORE INTO _eden_fence (migration_uuid, epoch) VALUES (${literal(migrationUuid)}, 0)`);
    return found > VERSION ? [newerTables(found)] : [];
  } catch (error) {
    if (!hasErrno(error, ERROR.accessDeniedToTable, ERROR.accessDeniedToColumn, ERROR.accessDenied)) throw error;
    throw rightsMissing(endpoint, error);
  }
}

/** 0 where they are not. */
async function readVersion(session: GuardedSession, answerTimeoutMs: number): Promise<number> {
  try {
    const { rows } = await session.query('SELECT version FROM _eden_version', { answerTimeoutMs });
    return Number(rows[0]?.['version'] ?? 0);
  } catch (error) {
    if (hasErrno(error, ERROR.noSuchTable)) return 0;
    throw error;
  }
}

/** The version comes last: whoever finds it finds everything. */
async function makeTables(session: GuardedSession, endpoint: Endpoint, lockWaitMs: number): Promise<number> {
  const lock = literal(installLock(session.database));
  const answerTimeoutMs = lockWaitMs + ANSWER_MARGIN_MS;
  const run = (sql: string) => session.query(sql, { answerTimeoutMs });
  const { rows } = await run(`SELECT GET_LOCK(${lock}, ${wholeSeconds(lockWaitMs)}) AS got`);
  if (rows[0]?.['got'] !== 1) throw endpointUnavailable(endpoint.id, new Error('another installation is at work'));
  try {
    for (const table of TABLES) await run(`CREATE TABLE IF NOT EXISTS ${table} ${FORM}`);
    await run('INSERT IGNORE INTO _eden_identity (id) VALUES (UUID())');
    await run(
      `INSERT INTO _eden_version (version) VALUES (${VERSION}) ON DUPLICATE KEY UPDATE version = GREATEST(version, ${VERSION})`,
    );
    return VERSION;
  } finally {
    if (!session.isLost) await run(`DO RELEASE_LOCK(${lock})`);
  }
}

function newerTables(version: number): LintFinding {
  const message = `the tables _eden_… have version ${version}, made by a newer build of the service than this one, which knows ${VERSION}: they stay as they are; bring all installations that use this database to the newer build`;
  return { rule: 'newer-eden-schema', severity: 'warning', message };
}

/** In the name of a database `_` and `%` would stand for others. */
export function rightsMissing({ id, config }: Endpoint, cause: unknown): EdenError {
  const { database, username } = parseConfig(config);
  const name = quoteMysqlIdentifier(database.replaceAll(/[\\_%]/g, String.raw`\$&`));
  const sql = `GRANT CREATE, SELECT, INSERT, UPDATE, DELETE ON ${name}.* TO ${literal(username)};`;
  return new EdenError('TARGET_RIGHTS_MISSING', { endpoint_id: id, sql }, { cause });
}
