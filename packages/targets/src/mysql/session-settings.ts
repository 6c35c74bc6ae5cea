import { EdenError, type Endpoint } from '@eden/domain';
import { ProtocolViolation } from './guard/guard-errors.js';
import type { GuardedSession } from './guard/guarded-session.js';

/**
 * The settings that the rendering of templates and the atomic commit rely on, whatever the server's are: with ANSI_QUOTES
 * or NO_BACKSLASH_ESCAPES literals would end elsewhere, and without STRICT_TRANS_TABLES a value that does not fit would be
 * cut instead of failing. Times are those of UTC.
 */
const SQL_MODE = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
const SETTINGS = `SET SESSION character_set_client = utf8mb4, character_set_results = utf8mb4,
  collation_connection = utf8mb4_general_ci, sql_mode = '${SQL_MODE}', time_zone = '+00:00', autocommit = 1,
  tx_isolation = 'READ-COMMITTED', tx_read_only = 0, completion_type = 'NO_CHAIN', max_statement_time = 0,
  foreign_key_checks = 1, unique_checks = 1, sql_safe_updates = 0, sql_select_limit = DEFAULT`;

const SEEN = `SELECT @@sql_mode AS sql_mode, @@character_set_client AS client,
  @@character_set_connection AS connection, @@character_set_results AS results, @@tx_isolation AS isolation`;

const EXPECTED = {
  sql_mode: SQL_MODE,
  client: 'utf8mb4',
  connection: 'utf8mb4',
  results: 'utf8mb4',
  isolation: 'READ-COMMITTED',
};

const MARIADB = /^(?:5\.5\.5-)?(\d+)\.(\d+)\..*mariadb/i;
/** From 10.6 on everything that is asked here is there; what is prepared outlives its session since 10.5. */
const OLDEST = [10, 6] as const;

/** Looks what a new session has led to, and gives it our settings. @throws EdenError ENDPOINT_NOT_ALLOWED */
export async function setUpSession(
  session: GuardedSession,
  endpoint: Endpoint,
  answerTimeoutMs: number,
): Promise<void> {
  const { rows } = await session.query('SELECT VERSION() AS version, DATABASE() AS name', { answerTimeoutMs });
  const version = String(rows[0]?.['version']);
  session.database = String(rows[0]?.['name']);
  if (!isMariaDb(version)) throw notMariaDb(endpoint, version);
  await applySettings(session, answerTimeoutMs);
}

/** @throws ProtocolViolation when the session does not take them */
export async function applySettings(session: GuardedSession, answerTimeoutMs: number): Promise<void> {
  await session.query(SETTINGS, { answerTimeoutMs });
  const { rows } = await session.query(SEEN, { answerTimeoutMs });
  const differs = Object.entries(EXPECTED).find(([name, value]) => rows[0]?.[name] !== value);
  if (differs !== undefined) throw new ProtocolViolation(`the session does not take the setting ${differs[0]}`);
}

function isMariaDb(version: string): boolean {
  const [, major, minor] = MARIADB.exec(version)?.map(Number) ?? [];
  if (major === undefined || minor === undefined) return false;
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

function notMariaDb({ id }: Endpoint, version: string): EdenError {
  const details = `The server is no MariaDB from 10.6 on (${version.slice(0, 60)}): other servers of this protocol are not supported yet`;
  return new EdenError('ENDPOINT_NOT_ALLOWED', { endpoint_id: id, reason: 'not_mariadb', details, setting: null });
}
