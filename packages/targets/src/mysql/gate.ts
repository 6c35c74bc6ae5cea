import type { Blocker, Gate, GateAnswer, ReaderGate, Uuid } from '@eden/domain';
import type { GuardedSession } from './guard/guarded-session.js';
import { sessionLock } from './names.js';
import { literal, whole } from './sql.js';

/** A gate as a reader finds it. */
export interface FoundGate {
  /** 0 where no migration has ever committed. */
  readonly version: number;
  /** The server takes no writes: nothing holds the gate there (protocol I32). */
  readonly standby: boolean;
}

export const IS_STANDBY = 'SELECT @@global.read_only = 1 AS standby';

/** Shared, to the end of the transaction; no row = nothing is held. */
export function lockGateSql(apiUuid: Uuid): string {
  return `${readGateSql(apiUuid)} LOCK IN SHARE MODE`;
}

export function readGateSql(apiUuid: Uuid): string {
  return `SELECT schema_version, @@global.read_only = 1 AS standby FROM _eden_gate WHERE api_uuid = ${literal(apiUuid)}`;
}

/** A row for every API, so that there is something to lock; in a transaction of its own. */
export function makeGatesSql(apiUuids: readonly Uuid[]): string {
  const rows = apiUuids.map((uuid) => `(${literal(uuid)}, 0, '')`);
  return `INSERT IGNORE INTO _eden_gate (api_uuid, schema_version, holder) VALUES ${rows.join(', ')}`;
}

/** Exclusive and ascending, to the end of the transaction; readers who wait find there who it is. */
export function closeGatesSql(gates: readonly Gate[], preparedId: string): string {
  const uuids = gates.map(({ apiUuid }) => literal(apiUuid));
  return `UPDATE _eden_gate SET holder = ${literal(preparedId)} WHERE api_uuid IN (${uuids.join(', ')}) ORDER BY api_uuid`;
}

export function setGatesSql(gates: readonly Gate[]): string {
  const rows = gates.map(({ apiUuid, schemaVersion }) => `(${literal(apiUuid)}, ${whole(schemaVersion)}, '')`);
  return `INSERT INTO _eden_gate (api_uuid, schema_version, holder) VALUES ${rows.join(', ')}
    ON DUPLICATE KEY UPDATE schema_version = VALUES(schema_version)`;
}

/** What is found, by what the reader's definition fits. On a primary, whoever only watches has nothing to look at. */
export function judgeGate({ schemaVersion, committedVersion = 0, mode }: ReaderGate, found: FoundGate): GateAnswer {
  if (!found.standby && mode === 'watch') return 'open';
  if (found.version > schemaVersion) return 'newer';
  return found.standby && found.version < committedVersion ? 'behind' : 'open';
}

/** Which participant has a row of ours, by what it has written there and not committed yet; null where none has. */
export async function holderOf(
  session: GuardedSession,
  row: {
    readonly table: '_eden_gate' | '_eden_fence';
    readonly key: 'api_uuid' | 'migration_uuid';
    readonly uuid: Uuid;
  },
  answerTimeoutMs: number,
): Promise<Blocker | null> {
  const bound = { answerTimeoutMs };
  await session.query('SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED', bound);
  const read = `SELECT holder, DATABASE() AS name FROM ${row.table} WHERE ${row.key} = ${literal(row.uuid)}`;
  const { rows } = await session.query(read, bound);
  const holder = rows[0]?.['holder'];
  if (typeof holder !== 'string' || holder === '') return null;
  const database = String(rows[0]?.['name']);
  const found = await session.query(
    `SELECT ID AS pid, USER AS user, LEFT(INFO, 200) AS query, ROUND(TIME_MS) AS age_ms FROM information_schema.PROCESSLIST
      WHERE ID = IS_USED_LOCK(${literal(sessionLock(holder))})`,
    bound,
  );
  const none = { application: null, database };
  const [process] = found.rows;
  if (process === undefined) return { ...none, pid: null, user: null, query: null, age_ms: null, prepared_id: holder };
  return {
    ...none,
    pid: Number(process['pid']),
    user: String(process['user']),
    query: process['query'] === null ? null : String(process['query']),
    age_ms: Number(process['age_ms']),
    prepared_id: null,
  };
}
