import type { AlterTableCmd, Constraint, Node } from 'libpg-query';
import { marks, type WrittenName } from '../names.js';
import { addedConstraint, alterations, columnSetNotNull, stringsOf, writtenName } from './nodes.js';

/**
 * The columns of which a text shows that a validated CHECK proves them to hold no NULL: it adds the CHECK itself and validates it
 * (`no-nulls`), or validates one, makes the column NOT NULL and drops that CHECK (`no-nulls-behind`, which is known at the end).
 */
export class NoNulls {
  /** Columns by their CHECK. */
  private readonly columns = new Map<string, string>();
  /** Constraints and their tables. */
  private readonly validated = new Set<string>();
  /** Columns that became NOT NULL behind a validation, by their table, of which nothing is shown yet. */
  private readonly open = new Map<string, string[]>();

  /** Names of those that a statement completes the proof of; statements come in their order. */
  shownBy(node: Node): readonly string[] {
    const table = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
    if (table === undefined) return [];
    const name = writtenName(table);
    return alterations(node).flatMap((command) => this.shownByCommand(name, command));
  }

  private shownByCommand(table: WrittenName, command: AlterTableCmd): readonly string[] {
    const check = addedConstraint(command);
    if (check !== null) this.noteCheck(table, check);
    const column = columnSetNotNull(command);
    if (column !== null && this.validated.has(keyOf(table))) this.openOf(table).push(column);
    const constraint = keyOf(table, command.name);
    if (command.subtype === 'AT_ValidateConstraint') return this.noteValidated(table, constraint);
    const isDone = command.subtype === 'AT_DropConstraint' && this.validated.has(constraint);
    const columns = isDone ? this.openOf(table).splice(0) : [];
    return columns.flatMap((each) => marks('no-nulls-behind', table, each));
  }

  private noteValidated(table: WrittenName, constraint: string): readonly string[] {
    this.validated.add(constraint).add(keyOf(table));
    const column = this.columns.get(constraint);
    return column === undefined ? [] : marks('no-nulls', table, column);
  }

  private noteCheck(table: WrittenName, { contype, conname, raw_expr: condition }: Constraint): void {
    if (contype !== 'CONSTR_CHECK' || condition === undefined || !('NullTest' in condition)) return;
    const { arg, nulltesttype } = condition.NullTest;
    if (nulltesttype !== 'IS_NOT_NULL' || arg === undefined || !('ColumnRef' in arg)) return;
    const column = stringsOf(arg.ColumnRef.fields).at(-1);
    if (column !== undefined) this.columns.set(keyOf(table, conname), column);
  }

  private openOf(table: WrittenName): string[] {
    const key = keyOf(table);
    const columns = this.open.get(key) ?? [];
    this.open.set(key, columns);
    return columns;
  }
}

function keyOf({ schema, name }: WrittenName, constraint = ''): string {
  return JSON.stringify([schema, name, constraint]);
}
