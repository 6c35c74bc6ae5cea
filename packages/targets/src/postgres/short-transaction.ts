import type { ClientBase, QueryConfig, QueryResult } from 'pg';
import { isSessionLost } from './errors.js';
import { ProtocolViolation } from './guard/guard-errors.js';
import { DURABLY, milliseconds } from './sql.js';
import type { Timeouts } from './transaction.js';

export interface ShortLimits extends Timeouts {
  /** Longest wait for the answer. Absent = as for any other query of the session. */
  readonly answerTimeoutMs?: number;
  /** A standby knows no other transactions. */
  readonly readOnly?: true;
}

/**
 * Runs statements that take no parameters in a transaction of their own, as one message: one round trip, and nothing
 * stays open behind an error. Answers one result for each statement.
 */
export async function shortTransaction(
  client: ClientBase,
  timeouts: ShortLimits,
  statements: readonly string[],
): Promise<readonly QueryResult[]> {
  const opening = [
    // Each statement has to see what the one before it has waited for, whatever the role's default.
    `BEGIN ISOLATION LEVEL READ COMMITTED, ${timeouts.readOnly === true ? 'READ ONLY' : 'READ WRITE'}`,
    `SET LOCAL lock_timeout = ${milliseconds(timeouts.lockTimeoutMs)}`,
    `SET LOCAL statement_timeout = ${milliseconds(timeouts.statementTimeoutMs)}`,
  ];
  const ending = [DURABLY, 'COMMIT'];
  const message = [...opening, ...statements.map(withoutEnd), ...ending].join(';\n');
  try {
    // One message of several statements gives a list, which the driver's types do not know.
    const results: unknown = await client.query(boundedBy(timeouts.answerTimeoutMs, message));
    const expected = opening.length + statements.length + ending.length;
    if (!Array.isArray(results) || results.length !== expected) {
      throw new ProtocolViolation('not every statement has its answer');
    }
    return (results as QueryResult[]).slice(opening.length, -ending.length);
  } catch (error) {
    if (!isSessionLost(error)) await client.query('ROLLBACK');
    throw error;
  }
}

function withoutEnd(statement: string): string {
  return statement.replace(/;\s*$/, '');
}

/** The driver takes the bound per query, too; its types know it of sessions only. */
function boundedBy(answerTimeoutMs: number | undefined, text: string): QueryConfig {
  const bound = answerTimeoutMs === undefined ? {} : { query_timeout: answerTimeoutMs };
  return { text, ...bound };
}
