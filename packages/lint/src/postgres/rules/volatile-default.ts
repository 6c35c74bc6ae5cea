import type { ColumnDef, Node } from 'libpg-query';
import type { StatementRule } from '../../rule.js';
import { addedColumn, alterations, constraintsOf, hasConstraint, isSerial, unlessNewTable } from '../nodes.js';

export const volatileDefault: StatementRule<Node> = {
  name: 'volatile-default',
  severity: 'danger',
  title: 'ADD COLUMN with a value of its own for each row rewrites the table while nobody can read it',
  reason:
    'A constant default, and now(), is kept beside the table and costs nothing. What differs from row to row (a serial, an identity, a stored generated column, gen_random_uuid()) is written into every row under ACCESS EXCLUSIVE. Functions that are not known count as such.',
  safer: 'Add the column without a default, SET DEFAULT for new rows, and fill the old ones batch by batch',
  examples: {
    dangerous: [
      'ALTER TABLE orders ADD COLUMN token uuid DEFAULT gen_random_uuid()',
      'ALTER TABLE orders ADD COLUMN number bigserial',
      'ALTER TABLE orders ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY',
      'ALTER TABLE orders ADD COLUMN total int GENERATED ALWAYS AS (net + tax) STORED',
    ],
    safe: [
      "ALTER TABLE orders ADD COLUMN state text DEFAULT 'new'",
      'ALTER TABLE orders ADD COLUMN seen_at timestamptz DEFAULT now()',
      'ALTER TABLE orders ADD COLUMN total int GENERATED ALWAYS AS (net + tax) VIRTUAL',
      'CREATE TABLE orders (id bigint);\nALTER TABLE orders ADD COLUMN number bigserial',
    ],
  },
  find: (node) =>
    alterations(node)
      .map(addedColumn)
      .filter((column) => column !== null && differsByRow(column))
      .map(() => unlessNewTable(node)),
};

function differsByRow(column: ColumnDef): boolean {
  if (isSerial(column) || hasConstraint(column, 'CONSTR_IDENTITY')) return true;
  return constraintsOf(column).some(
    ({ contype, generated_kind: kind, raw_expr: value }) =>
      (contype === 'CONSTR_GENERATED' && kind !== 'v') || (contype === 'CONSTR_DEFAULT' && isVolatile(value)),
  );
}

/** Functions of PostgreSQL that give the same value in all of a statement. */
const STABLE = new Set(
  `now transaction_timestamp statement_timestamp current_database current_schema current_user session_user version
   timezone date_trunc date_part make_date make_interval make_timestamp to_timestamp to_date lower upper md5 concat
   coalesce nullif array_fill jsonb_build_object json_build_object jsonb_build_array json_build_array to_jsonb to_json
   current_setting abs round floor ceil length trim btrim`.split(/\s+/),
);

function isVolatile(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const call = (value as { FuncCall?: { funcname?: readonly { String?: { sval?: string } }[] } }).FuncCall;
  const name = call?.funcname?.at(-1)?.String?.sval;
  if (call !== undefined && !STABLE.has(name ?? '')) return true;
  return Object.values(value).some(isVolatile);
}
