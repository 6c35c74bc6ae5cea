import type { Statement } from '@eden/domain';
import { DatabaseError, type ClientBase } from 'pg';
import { isSessionLost } from './errors.js';
import { parseStatements, type ParsedStatement } from './syntax.js';

/** A node of EXPLAIN (FORMAT JSON). */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly PlanNode[];
}

/** The planner takes the locks of readers, and a table may be locked for long. */
const OPENING = 'BEGIN READ ONLY; SET LOCAL lock_timeout = 1000; SET LOCAL statement_timeout = 5000';

const PLANNED = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/**
 * Rows that the statements of a text will read or change, in the planner's opinion, without running them. Null where
 * it has none: for other statements, and for tables that do not exist yet.
 */
export async function estimateRows(client: ClientBase, { text, params }: Statement): Promise<number | null> {
  const planned = (await parseStatements(text)).filter(({ node }) => PLANNED.some((kind) => kind in node));
  if (planned.length === 0) return null;
  await client.query(OPENING);
  try {
    let rows = 0;
    for (const statement of planned) rows += await explain(client, statement, params);
    return rows;
  } catch (error) {
    if (error instanceof DatabaseError && !isSessionLost(error)) return null;
    throw error;
  } finally {
    await client.query('ROLLBACK');
  }
}

async function explain(client: ClientBase, { text }: ParsedStatement, params: Statement['params']): Promise<number> {
  const { rows } = await client.query<{ 'QUERY PLAN': unknown }>(`EXPLAIN (FORMAT JSON) ${text}`, [...params]);
  const found = rows[0]?.['QUERY PLAN'];
  const plan = Array.isArray(found) ? (found[0] as { Plan?: PlanNode } | undefined)?.Plan : undefined;
  const estimated = plan === undefined ? 0 : rowsOf(plan);
  return Number.isFinite(estimated) ? estimated : 0;
}

/** What changes rows stands on top and counts only those it returns. */
function rowsOf(plan: PlanNode): number {
  const [source] = plan.Plans ?? [];
  return plan['Node Type'] === 'ModifyTable' && source !== undefined ? source['Plan Rows'] : plan['Plan Rows'];
}
