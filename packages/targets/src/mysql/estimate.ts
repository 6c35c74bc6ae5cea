import type { Statement } from '@eden/domain';
import { isSessionLost } from './errors.js';
import type { GuardedSession } from './guard/guarded-session.js';
import { cutStatements, Unreadable } from './statements.js';

const PLANNED = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'REPLACE', 'WITH']);

/**
 * Rows that the statements of a text will read or change, in the planner's opinion, without running them. Null where it
 * has none: for other statements, and for tables that do not exist yet.
 */
export async function estimateRows(
  session: GuardedSession,
  statement: Statement,
  answerTimeoutMs: number,
): Promise<number | null> {
  try {
    const planned = cutStatements(statement).filter(({ parts }) => PLANNED.has(parts[0]?.text ?? ''));
    if (planned.length === 0) return null;
    let rows = 0;
    for (const { text } of planned) rows += await explain(session, text, answerTimeoutMs);
    return rows;
  } catch (error) {
    if (error instanceof Unreadable || !isSessionLost(error)) return null;
    throw error;
  }
}

/** The largest of its tables; what joins them is not in the numbers. */
async function explain(session: GuardedSession, text: string, answerTimeoutMs: number): Promise<number> {
  const { rows } = await session.query(`SET STATEMENT max_statement_time = 5 FOR EXPLAIN ${text}`, { answerTimeoutMs });
  const found = rows.map(({ rows: estimated }) => Number(estimated ?? 0)).filter(Number.isFinite);
  return Math.max(0, ...found);
}
