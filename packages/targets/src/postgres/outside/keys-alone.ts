import type { JsonValue, StatementResult } from '@eden/domain';
import type { DeleteStmt, InsertStmt, Node, UpdateStmt } from 'libpg-query';
import { ProtocolViolation } from '../guard/guard-errors.js';
import { checkRow, type Columns } from '../guard/rows.js';
import type { SingleStatement } from '../split.js';
import { parseStatements } from '../syntax.js';
import { parseValue } from '../values.js';

/*
 * The keys of a batch as one value. A row for each of them costs the worker more than the batch costs the server, in time and
 * in memory; nobody wants more of them than the keys.
 */

const BEFORE = 'WITH eden_batch(eden_key) AS (';
/** The statement may end in a comment, which only a new line ends. */
const BEHIND = `
) SELECT pg_catalog.count(*)::int8 AS rows, coalesce(pg_catalog.json_agg(eden_key::pg_catalog.text), '[]')::pg_catalog.text AS keys,
  coalesce((SELECT pg_catalog.pg_typeof(eden_key)::pg_catalog.oid::int8 FROM eden_batch LIMIT 1), 0) AS type FROM eden_batch`;

interface KeysRow {
  readonly rows: number;
  readonly keys: string;
  /** The oid of their type; 0 where there are none. */
  readonly type: number;
}

/** Null for other statements than one that changes rows and returns them: what it answers comes as it is. */
export async function withKeysAlone(statements: readonly SingleStatement[]): Promise<SingleStatement | null> {
  const [statement, ...others] = statements;
  if (statement === undefined || others.length > 0) return null;
  const [parsed] = await parseStatements(statement.text);
  if (parsed === undefined || !returnsChanged(parsed.node)) return null;
  const { place } = statement;
  return {
    ...statement,
    text: `${BEFORE}${parsed.text}${BEHIND}`,
    place: { ...place, start: place.start + parsed.start, before: BEFORE.length },
  };
}

/** What it answers, as the statement itself would have, but for columns that are no keys. @throws ProtocolViolation */
export function rowsOfKeys({ rows: [first] }: StatementResult): StatementResult {
  const { rows: rowCount, keys, type } = checkKeysRow(first);
  const found = parsed(keys);
  if (!Array.isArray(found) || found.length !== rowCount || !found.every(isText)) {
    throw new ProtocolViolation('an answer is not what was asked for');
  }
  return {
    rows: found.map((key) => ({ key: key === null ? null : (parseValue(type, key) satisfies JsonValue) })),
    rowCount,
  };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ProtocolViolation('a value is not of its type', { cause });
  }
}

function isText(key: unknown): key is string | null {
  return key === null || typeof key === 'string';
}

/** The keys of a batch are longer than any name. */
function checkKeysRow(row: unknown): KeysRow {
  const columns: Columns<Omit<KeysRow, 'keys'>> = { rows: 'number', type: 'number' };
  const { keys } = (row ?? {}) as { readonly keys?: unknown };
  if (typeof keys !== 'string') throw new ProtocolViolation('an answer is not what was asked for');
  return { ...checkRow(row, columns), keys };
}

/** Within WITH nothing may change rows but the statement itself. */
function returnsChanged(node: Node): boolean {
  const { returningClause, withClause } = changingIn(node) ?? {};
  if ((returningClause?.exprs ?? []).length === 0) return false;
  const named = withClause?.ctes ?? [];
  return named.every((each) => 'CommonTableExpr' in each && 'SelectStmt' in (each.CommonTableExpr.ctequery ?? {}));
}

function changingIn(node: Node): InsertStmt | UpdateStmt | DeleteStmt | null {
  if ('InsertStmt' in node) return node.InsertStmt;
  if ('UpdateStmt' in node) return node.UpdateStmt;
  return 'DeleteStmt' in node ? node.DeleteStmt : null;
}
