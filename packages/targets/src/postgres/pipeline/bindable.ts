import { refusalsOf } from '../refusals.js';
import { findInTree, parseStatements } from '../syntax.js';

const MOST_KNOWN = 2_000;
/** Names of settings, of ours, and names that are written in escapes: their literals count, too. */
const DOUBTFUL = /_eden|set_config|pg_settings|u&/i;
const known = new Map<string, boolean>();

/**
 * Whether a statement may have its values beside it and do the same as with them written into it: one query of PostgreSQL's own
 * grammar, with a value in no place where a literal says more than what it is.
 */
export function isBindable(text: string): boolean | Promise<boolean> {
  return known.get(text) ?? judgeOnce(text);
}

/** The server has not taken it with its values beside it, as where it cannot tell a value's type. */
export function leaveToText(text: string): void {
  known.set(text, false);
}

async function judgeOnce(text: string): Promise<boolean> {
  const isFit = await judge(text).catch(() => false);
  known.set(text, isFit);
  const [oldest = text] = known.keys();
  if (known.size > MOST_KNOWN) known.delete(oldest);
  return isFit;
}

async function judge(text: string): Promise<boolean> {
  if (DOUBTFUL.test(text)) return false;
  const statements = await parseStatements(text);
  const [only] = statements;
  if (only === undefined || statements.length > 1 || !('SelectStmt' in only.node)) return false;
  return refusalsOf(statements, 0).length === 0 && findInTree(only.node, literalOnly) === null;
}

/**
 * `ORDER BY 2` and `GROUP BY 2` name a column, and `'1'::interval day` is a day: with a value beside the text they would sort and
 * group by nothing, and it would be a second. Any value in such a clause is left to the text, and every type with a modifier.
 */
function literalOnly({ sortClause, groupClause, distinctClause, typmods }: Clauses): true | null {
  if (typmods !== undefined) return true;
  return findInTree([sortClause, groupClause, distinctClause], (object) => ('ParamRef' in object ? true : null));
}

type Clauses = Readonly<Record<string, unknown>>;
