import { escapeIdentifier, type ClientBase, type QueryResult } from 'pg';
import { EXECUTION_APPLICATION } from './names.js';

/*
 * A session of the pool serves one execution after the other, and nothing of one may reach the next. Views, triggers,
 * policies and defaults call functions, so no statement is known to leave nothing behind: every execution ends with
 * these statements, in the message that ends its transaction, so that they cost no round trip and meet the same server
 * behind a pooler of transactions.
 */

/** The role comes second: it has a default of its own. */
const SETTINGS = ['RESET SESSION AUTHORIZATION', 'RESET ROLE', 'RESET ALL'];

const OPENED = ['CLOSE ALL', 'UNLISTEN *'];

/** What a transaction that was READ ONLY from its beginning cannot leave. */
const OF_WRITES = ['DISCARD TEMP', 'DISCARD SEQUENCES'];

/** Behind a pooler, RESET ALL brings back what the pooler connected with. */
const OUR_SETTINGS = [`SET application_name = '${EXECUTION_APPLICATION}'`, "SET client_encoding = 'UTF8'"];

/**
 * Statements that SQL has prepared are only named: DEALLOCATE ALL would take a pooler's own as well. (The view
 * pg_prepared_statements costs twice as much as the function that it calls.)
 */
const LOCKS_AND_STATEMENTS = `pg_catalog.pg_advisory_unlock_all(),
  ARRAY (SELECT name FROM pg_catalog.pg_prepared_statement() WHERE from_sql) AS prepared`;

/**
 * Before COMMIT, or behind ROLLBACK. The last of them answers what `completeReset` needs.
 * @param readOnly Whether all transactions since the last reset were READ ONLY.
 */
export function resetStatements(readOnly: boolean): readonly string[] {
  return [
    ...SETTINGS,
    ...OUR_SETTINGS,
    `SET seed = ${newSeed()}`,
    ...OPENED,
    ...(readOnly ? [] : OF_WRITES),
    `SELECT ${LOCKS_AND_STATEMENTS}`,
  ];
}

/**
 * The same behind a transaction that was READ ONLY, in a session that no pooler has opened: `LEFT_BEHIND` goes before it, and gives
 * the last column of the last of `resetStatements`.
 */
export const RESETS_OF_OWN_SESSION: readonly string[] = [...SETTINGS, ...OPENED];

/** $1: a new seed. */
export const LEFT_BEHIND = `SELECT pg_catalog.setseed($1), ${LOCKS_AND_STATEMENTS}`;

/** From 0 to 1, of always as many digits. No seed can be taken back, so there is a new one. */
export function newSeed(): string {
  return Math.random().toFixed(15);
}

/**
 * Removes the statements that SQL has prepared, which is seldom any.
 * @param reset The result of the last of `resetStatements`.
 * @returns Whether the session may serve another execution; never throws.
 */
export async function completeReset(client: ClientBase, reset: QueryResult | undefined): Promise<boolean> {
  const row = reset?.rows[0] as { prepared?: unknown } | undefined;
  const prepared = row?.prepared;
  if (!isListOfNames(prepared)) return false;
  if (prepared.length === 0) return true;
  try {
    await client.query(prepared.map((name) => `DEALLOCATE ${escapeIdentifier(name)}`).join('; '));
    return true;
  } catch {
    return false;
  }
}

/** Whether the reset has found nothing that it cannot take away itself. @param reset The result of the last of `resetStatements`. */
export function leavesNothing(reset: QueryResult | undefined): boolean {
  const row = reset?.rows[0] as { prepared?: unknown } | undefined;
  return Array.isArray(row?.prepared) && row.prepared.length === 0;
}

function isListOfNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

/** Resets a session outside a transaction. Answers whether it may serve the next one; never throws. */
export async function resetSession(client: ClientBase): Promise<boolean> {
  try {
    // One message of several statements gives a list, which the driver's types do not know.
    const results: unknown = await client.query(resetStatements(false).join('; '));
    return await completeReset(client, (results as QueryResult[]).at(-1));
  } catch {
    return false;
  }
}
