import type { ClientBase, QueryResult } from 'pg';
import { isSessionLost } from './errors.js';
import { ProtocolViolation } from './guard/guard-errors.js';
import { DURABLY, milliseconds } from './sql.js';
import type { Timeouts } from './transaction.js';

/**
 * Runs statements that take no parameters in a transaction of their own, as one message: one round trip, and nothing
 * stays open behind an error. Answers one result for each statement.
 */
export async function shortTransaction(
  client: ClientBase,
  timeouts: Timeouts,
  statements: readonly string[],
): Promise<readonly QueryResult[]> {
  const opening = [
    // Each statement has to see what the one before it has waited for, whatever the role's default.
    'BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE',
    `SET LOCAL lock_timeout = ${milliseconds(timeouts.lockTimeoutMs)}`,
    `SET LOCAL statement_timeout = ${milliseconds(timeouts.statementTimeoutMs)}`,
  ];
  const ending = [DURABLY, 'COMMIT'];
  const message = [...opening, ...statements.map(withoutEnd), ...ending].join(';\n');
  try {
    // One message of several statements gives a list, which the driver's types do not know.
    const results: unknown = await client.query(message);
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
