import { escapeIdentifier, escapeLiteral } from 'pg';
import { onlyRow, type Columns } from '../guard/rows.js';
import { ProtocolViolation } from '../guard/guard-errors.js';
import type { SessionState, Transaction } from '../transaction.js';

/** Longer than all that a session has ever set. */
const MAX_SETTINGS_LENGTH = 256 * 1024;

/** Settings that belong to the transaction, and those that have statements of their own. */
const NOT_OURS = ['is_superuser', 'role', 'seed', 'session_authorization', 'transaction_deferrable']
  .concat('transaction_isolation', 'transaction_read_only')
  .map((name) => escapeLiteral(name));

const SETTINGS = `SELECT pg_catalog.current_setting('standard_conforming_strings')::pg_catalog.bool AS standard,
  (SELECT pg_catalog.json_object_agg(name, setting)::pg_catalog.text FROM pg_catalog.pg_settings
    WHERE source = 'session' AND name NOT IN (${NOT_OURS.join(', ')})) AS settings`;

const PREPARED = `SELECT pg_catalog.json_agg(name)::pg_catalog.text AS names FROM pg_catalog.pg_prepared_statements
  WHERE from_sql`;

const STANDARD: Columns<{ readonly standard: boolean }> = { standard: 'boolean' };

/** One round trip, which takes along what was put off. */
export async function rememberState(transaction: Transaction): Promise<SessionState> {
  const answer = (await transaction.sendTogether(SETTINGS)).at(-1);
  const { standard } = onlyRow(answer, STANDARD);
  const { settings } = (answer?.rows[0] ?? {}) as { settings?: unknown };
  return { hasStandardStrings: standard, settings: readJson(settings, isTexts, {}) };
}

/**
 * Puts off what takes the settings, the authorization and the role back to what they were. Variables of one's own
 * (`my.name`) are in no list: they get lost.
 */
export function restoreState(transaction: Transaction, { settings }: SessionState): void {
  const calls = Object.entries(settings).map(
    ([name, value]) => `pg_catalog.set_config(${escapeLiteral(name)}, ${escapeLiteral(value)}, true)`,
  );
  // The role comes second: it has a default of its own.
  transaction.defer('RESET SESSION AUTHORIZATION', 'RESET ROLE', 'RESET ALL');
  if (calls.length > 0) transaction.defer(`SELECT ${calls.join(', ')}`);
}

/** Removes what PREPARE has left: no transaction does. */
export async function deallocateAll(transaction: Transaction): Promise<void> {
  const answer = (await transaction.sendTogether(PREPARED)).at(-1);
  const { names } = (answer?.rows[0] ?? {}) as { names?: unknown };
  transaction.defer(...readJson(names, isNames, []).map((name) => `DEALLOCATE ${escapeIdentifier(name)}`));
}

/** @throws ProtocolViolation when the server gives something else than it was asked for */
function readJson<T>(text: unknown, is: (value: unknown) => value is T, none: T): T {
  if (text === null) return none;
  const value: unknown = typeof text === 'string' && text.length <= MAX_SETTINGS_LENGTH ? JSON.parse(text) : undefined;
  if (is(value)) return value;
  throw new ProtocolViolation('an answer is not what was asked for');
}

function isTexts(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((each) => typeof each === 'string');
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}
