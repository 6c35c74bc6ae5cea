import type { AlterTableCmd, Constraint, Node } from 'libpg-query';
import { marks, type WrittenName } from '../names.js';
import { addedConstraint, alterations, columnSetNotNull, stringsOf, writtenName } from './nodes.js';

/**
 * The columns of which a text shows that a validated CHECK proves them to hold no NULL: it adds the CHECK itself, or drops
 * what it has validated once the column is NOT NULL.
 */
export class NoNulls {
  /** Columns by their CHECK. */
  private readonly columns = new Map<string, string>();
  private readonly validated = new Set<string>();
  /** Columns that became NOT NULL, by their table, of which nothing is shown yet. */
  private readonly open = new Map<string, string[]>();

  /** Names of those that a statement completes the proof of; statements come in their order. */
  shownBy(node: Node): readonly string[] {
    const table = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
    if (table === undefined) return [];
    const name = writtenName(table);
    return alterations(node)
      .flatMap((command) => this.columnsShownBy(name, command))
      .flatMap((column) => marks('no-nulls', name, column));
  }

  private columnsShownBy(table: WrittenName, command: AlterTableCmd): readonly string[] {
    const check = addedConstraint(command);
    if (check !== null) this.noteCheck(table, check);
    const column = columnSetNotNull(command);
    if (column !== null) this.openOf(table).push(column);
    const constraint = keyOf(table, command.name);
    if (command.subtype === 'AT_ValidateConstraint') {
      this.validated.add(constraint);
      return this.columns.has(constraint) ? [this.columns.get(constraint) ?? ''] : [];
    }
    const isDone = command.subtype === 'AT_DropConstraint' && this.validated.has(constraint);
    return isDone ? this.openOf(table).splice(0) : [];
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
