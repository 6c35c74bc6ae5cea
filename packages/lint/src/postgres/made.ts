import type { ColumnDef, Constraint, Node, RangeVar } from 'libpg-query';
import { marks } from '../names.js';
import {
  addedColumn,
  addedConstraint,
  alterations,
  hasConstraint,
  leadingColumns,
  relationKind,
  stringsOf,
  writtenName,
} from './nodes.js';

/** Names of what a statement makes, or does so that later ones are no danger any more. */
export function madeBy(node: Node): readonly string[] {
  if ('CreateStmt' in node) return [...table(node.CreateStmt.relation), ...keysOfTable(node)];
  if ('CreateTableAsStmt' in node) return made(node.CreateTableAsStmt);
  if ('SelectStmt' in node) return table(node.SelectStmt.intoClause?.rel);
  if ('ViewStmt' in node) return relation('view', node.ViewStmt.view);
  if ('CreateSchemaStmt' in node) return schema(node.CreateSchemaStmt.schemaname);
  if ('IndexStmt' in node) return index(node);
  if ('RenameStmt' in node) return renamed(node);
  return alterations(node).flatMap((command) => altered(node, command));
}

function made({ into, objtype }: { readonly into?: { readonly rel?: RangeVar }; readonly objtype?: string }) {
  return objtype === 'OBJECT_MATVIEW' ? relation('view', into?.rel) : table(into?.rel);
}

function table(range: RangeVar | undefined): readonly string[] {
  return relation('table', range);
}

/** What is temporary gives its name to nobody else. */
function relation(kind: string, range: RangeVar | undefined): readonly string[] {
  if (range === undefined) return [];
  const name = writtenName(range);
  return [...marks(kind, name), ...(range.relpersistence === 't' ? [] : marks('named', name))];
}

/** Only its name is new: what it holds has been there before. */
function renamed({
  RenameStmt: { renameType, relation: range, newname: name },
}: Extract<Node, { RenameStmt: unknown }>) {
  if (relationKind(renameType) === undefined || range === undefined || name === undefined) return [];
  return marks('named', { ...writtenName(range), name });
}

function schema(name: string | undefined): readonly string[] {
  return name === undefined ? [] : marks('schema', { schema: null, name });
}

function index({ IndexStmt }: Extract<Node, { IndexStmt: unknown }>): readonly string[] {
  const { idxname, relation: on, indexParams, whereClause } = IndexStmt;
  const columns = (indexParams ?? []).map((item) => ('IndexElem' in item ? item.IndexElem.name : undefined));
  const end = columns.indexOf(undefined);
  const leading = (end < 0 ? columns : columns.slice(0, end)).filter((name) => name !== undefined);
  const own = idxname === undefined ? [] : marks('index', { schema: on?.schemaname ?? null, name: idxname });
  return holdsEvery(whereClause) ? [...own, ...leadingColumns(on, leading)] : own;
}

/** Whether a row with a value is found by it: an index of some rows only is none for a foreign key. */
function holdsEvery(condition: Node | undefined): boolean {
  if (condition === undefined) return true;
  return 'NullTest' in condition && condition.NullTest.nulltesttype === 'IS_NOT_NULL';
}

function keysOfTable({ CreateStmt: { relation: on, tableElts } }: Extract<Node, { CreateStmt: unknown }>) {
  return (tableElts ?? []).flatMap((item) => {
    if ('ColumnDef' in item) return keyOfColumn(on, item.ColumnDef);
    return 'Constraint' in item ? keyOf(on, item.Constraint) : [];
  });
}

function keyOfColumn(on: RangeVar | undefined, column: ColumnDef): readonly string[] {
  const isKey = hasConstraint(column, 'CONSTR_PRIMARY', 'CONSTR_UNIQUE');
  return isKey && column.colname !== undefined ? leadingColumns(on, [column.colname]) : [];
}

function keyOf(on: RangeVar | undefined, { contype, keys }: Constraint): readonly string[] {
  return contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE' ? leadingColumns(on, stringsOf(keys)) : [];
}

function altered(node: Node, command: ReturnType<typeof alterations>[number]): readonly string[] {
  const on = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
  if (on === undefined) return [];
  const column = addedColumn(command);
  if (column !== null) return [...ofColumn(on, column.colname), ...keyOfColumn(on, column)];
  const constraint = addedConstraint(command);
  if (constraint !== null) return [...ofConstraint(on, constraint), ...keyOf(on, constraint)];
  return command.subtype === 'AT_ValidateConstraint' ? marks('validated', writtenName(on), command.name) : [];
}

function ofColumn(on: RangeVar, name: string | undefined): readonly string[] {
  return name === undefined ? [] : marks('column', writtenName(on), name);
}

function ofConstraint(on: RangeVar, constraint: Constraint): readonly string[] {
  const { conname: name } = constraint;
  if (name === undefined) return [];
  const unchecked = constraint.skip_validation === true ? marks('unvalidated', writtenName(on), name) : [];
  return [...marks('constraint', writtenName(on), name), ...unchecked];
}
