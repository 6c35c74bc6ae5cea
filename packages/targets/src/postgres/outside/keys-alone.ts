import type { JsonValue, StatementResult } from '@eden/domain';
import type { DeleteStmt, InsertStmt, Node, UpdateStmt } from 'libpg-query';
import { ProtocolViolation } from '../guard/guard-errors.js';
import { checkRow, type Columns } from '../guard/rows.js';
import type { SingleStatement } from '../split.js';
import { parseStatements } from '../syntax.js';
import { parseValue } from '../values.js';

/*
 * The keys of a batch as one row. A row for each of them costs the worker more than the batch costs the server, in time and in
 * memory; nobody wants more of them than the keys. Of integers the least and the greatest are enough where all that is asked is
 * whether they lie behind the batch before, and which is the greatest.
 */

const BEFORE = 'WITH eden_batch(eden_key) AS (';

/** The rows that a batch has answered, as far as anybody wants them. */
export interface BatchKeys extends StatementResult {
  /** The oid of their type; 0 where nobody can tell, as there are none. */
  readonly type: number;
}

/** How the keys of a batch are asked for. */
export interface KeysForm {
  /** Behind the statement, which may end in a comment: only a new line ends that. */
  readonly behind: string;
  /** @throws ProtocolViolation */
  read(row: unknown): BatchKeys;
}

/** Each of them: what they are is not known before. */
export const ALL_KEYS: KeysForm = {
  behind: `
) SELECT pg_catalog.count(*)::int8 AS rows, coalesce(pg_catalog.json_agg(eden_key::pg_catalog.text), '[]')::pg_catalog.text AS keys,
  coalesce((SELECT pg_catalog.pg_typeof(eden_key)::pg_catalog.oid::int8 FROM eden_batch LIMIT 1), 0) AS type FROM eden_batch`,
  read(row) {
    const { rows: rowCount, keys, type } = checkKeysRow(row);
    const found = parsed(keys);
    if (!Array.isArray(found) || found.length !== rowCount || !found.every(isText)) throw notAsked();
    return { rows: found.map((key) => keyRow(type, key)), rowCount, type };
  },
};

/** Of integers; and a null, where one of them is. */
export const BOUNDS: KeysForm = {
  behind: `
) SELECT pg_catalog.count(*)::int8 AS rows, pg_catalog.count(eden_key)::int8 AS known,
  coalesce(pg_catalog.min(eden_key)::pg_catalog.text, '') AS least, coalesce(pg_catalog.max(eden_key)::pg_catalog.text, '') AS greatest,
  pg_catalog.pg_typeof(pg_catalog.min(eden_key))::pg_catalog.oid::int8 AS type FROM eden_batch`,
  read(row) {
    const { rows: rowCount, known, least, greatest, type } = checkRow(row, BOUNDS_COLUMNS);
    if (!INTEGERS.has(type) || known > rowCount) throw notAsked();
    const keys = [...(known > 0 ? [least, greatest] : []), ...(known < rowCount ? [null] : [])];
    return { rows: keys.map((key) => keyRow(type, key)), rowCount, type };
  },
};

/** @param type Of the keys of the batch before */
export function formOf(type: number): KeysForm {
  return INTEGERS.has(type) ? BOUNDS : ALL_KEYS;
}

/** int8, int2, int4: they are ordered as the keys of batches are. */
const INTEGERS: ReadonlySet<number> = new Set([20, 21, 23]);

interface BoundsRow {
  readonly rows: number;
  readonly known: number;
  readonly least: string;
  readonly greatest: string;
  readonly type: number;
}

const BOUNDS_COLUMNS: Columns<BoundsRow> = {
  rows: 'number',
  known: 'number',
  least: 'text',
  greatest: 'text',
  type: 'number',
};

interface KeysRow {
  readonly rows: number;
  readonly keys: string;
  readonly type: number;
}

/** Null for other statements than one that changes rows and returns them: what it answers comes as it is. */
export async function withKeysAlone(
  statements: readonly SingleStatement[],
  { behind }: KeysForm,
): Promise<SingleStatement | null> {
  const [statement, ...others] = statements;
  if (statement === undefined || others.length > 0) return null;
  const [parsed] = await parseStatements(statement.text);
  if (parsed === undefined || !returnsChanged(parsed.node)) return null;
  const { place } = statement;
  return {
    ...statement,
    text: `${BEFORE}${parsed.text}${behind}`,
    place: { ...place, start: place.start + parsed.start, before: BEFORE.length },
  };
}

function keyRow(type: number, key: string | null): { readonly key: JsonValue } {
  return { key: key === null ? null : parseValue(type, key) };
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
  if (typeof keys !== 'string') throw notAsked();
  return { ...checkRow(row, columns), keys };
}

function notAsked(): ProtocolViolation {
  return new ProtocolViolation('an answer is not what was asked for');
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
