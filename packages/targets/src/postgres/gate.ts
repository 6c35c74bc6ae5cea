import type { GateAnswer, ReaderGate, Uuid } from '@eden/domain';
import { escapeLiteral, type QueryResult } from 'pg';
import { ProtocolViolation } from './guard/guard-errors.js';
import { onlyRow } from './guard/rows.js';
import { gateKey } from './names.js';

/** A gate as a reader finds it. */
export interface FoundGate {
  /** 0 where no migration has ever committed. */
  readonly version: number;
  /** Nothing holds it there (protocol I32). */
  readonly standby: boolean;
  /** False where the database has no gates at all. */
  readonly installed: boolean;
}

/** Separate statements: the read must not be older than the wait for the lock. The last one gives the gate. */
export function gateStatements({ apiUuid, mode }: ReaderGate): readonly string[] {
  const lock = `SELECT pg_advisory_xact_lock_shared(${gateKey(apiUuid)})`;
  return mode === 'watch' ? [selectGate(apiUuid)] : [lock, selectGate(apiUuid)];
}

/** Fails, and with it the message, where the gate is closed: nobody waits behind it. */
export function trySelectLock(apiUuid: Uuid): string {
  return `SELECT 1 / pg_catalog.pg_try_advisory_xact_lock_shared(${gateKey(apiUuid)})::int AS open`;
}

export const TRY_LOCK_BY_VALUE = `SELECT
  1 OPERATOR(pg_catalog./) pg_catalog.pg_try_advisory_xact_lock_shared($1)::pg_catalog.int4 AS open`;

export const GATE_BY_VALUE = `SELECT pg_catalog.pg_is_in_recovery() AS standby,
  (SELECT schema_version FROM _eden.gate WHERE api_uuid OPERATOR(pg_catalog.=) $1) AS schema_version`;

export function selectGate(apiUuid: Uuid): string {
  return `SELECT pg_catalog.pg_is_in_recovery() AS standby,
    (SELECT schema_version FROM _eden.gate WHERE api_uuid = ${escapeLiteral(apiUuid)}) AS schema_version`;
}

export function gateOf(result: QueryResult | undefined): FoundGate {
  const { standby } = onlyRow<{ standby: boolean }>(result, { standby: 'boolean' });
  const row = result?.rows[0] as { schema_version?: number | string | null } | undefined;
  return { version: Number(row?.schema_version ?? 0), standby, installed: true };
}

/** The same as a row of `GATE_BY_VALUE` writes it. @throws ProtocolViolation when the server gives something else */
export function gateOfTexts([standby, version = null]: readonly (string | null)[]): FoundGate {
  const isOurs = (standby === 't' || standby === 'f') && (version === null || /^\d{1,15}$/.test(version));
  if (!isOurs) throw new ProtocolViolation('an answer is not what was asked for');
  return { version: Number(version ?? 0), standby: standby === 't', installed: true };
}

export const SELECT_INSTALLED = `SELECT pg_catalog.pg_is_in_recovery() AS standby,
  pg_catalog.to_regclass('_eden.gate') IS NOT NULL AS installed`;

/** Without a version, which is not known yet where there are gates. */
export function installedOf(result: QueryResult | undefined): FoundGate {
  const row = onlyRow<Omit<FoundGate, 'version'>>(result, { standby: 'boolean', installed: 'boolean' });
  return { ...row, version: 0 };
}

/** What is found, by what the reader's definition fits. On a primary, whoever only watches has nothing to look at. */
export function judgeGate({ schemaVersion, committedVersion = 0, mode }: ReaderGate, found: FoundGate): GateAnswer {
  if (!found.standby && mode === 'watch') return 'open';
  if (found.version > schemaVersion) return 'newer';
  return found.standby && found.version < committedVersion ? 'behind' : 'open';
}
