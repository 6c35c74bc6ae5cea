import type { AlterTableCmd, ColumnDef, Constraint, Node, RangeVar } from 'libpg-query';
import { lookups, marks, type WrittenName } from '../names.js';

/** What ALTER TABLE does to a table, one by one; nothing of an index, a view or a sequence. */
export function alterations(node: Node): readonly AlterTableCmd[] {
  if (!('AlterTableStmt' in node) || (node.AlterTableStmt.objtype ?? 'OBJECT_TABLE') !== 'OBJECT_TABLE') return [];
  return (node.AlterTableStmt.cmds ?? []).flatMap((command) =>
    'AlterTableCmd' in command ? [command.AlterTableCmd] : [],
  );
}

/** Tables that the run has made are nobody's yet. */
export function unlessNewTable(node: Node): { readonly unless: readonly string[] } {
  const relation = 'AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined;
  return { unless: tableLookups(relation) };
}

export function tableLookups(relation: RangeVar | undefined): readonly string[] {
  return relation === undefined ? [] : lookups('table', writtenName(relation));
}

export function writtenName({ schemaname, relname = '' }: RangeVar): WrittenName {
  return { schema: schemaname ?? null, name: relname };
}

/** The kind of name that `madeBy` gives a table or view of this type; undefined of anything else. */
export function relationKind(type: string | undefined): 'table' | 'view' | undefined {
  if (type === 'OBJECT_TABLE') return 'table';
  return type === 'OBJECT_VIEW' || type === 'OBJECT_MATVIEW' ? 'view' : undefined;
}

/** A name of a list of them, as of what DROP drops: its last two words. */
export function nameInList(item: Node): WrittenName {
  const words = 'List' in item ? stringsOf(item.List.items) : 'String' in item ? [item.String.sval ?? ''] : [];
  const typed = 'TypeName' in item ? stringsOf(item.TypeName.names) : words;
  return { schema: typed.at(-2) ?? null, name: typed.at(-1) ?? '' };
}

export function stringsOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}

/** The column that ADD COLUMN adds. */
export function addedColumn({ subtype, def }: AlterTableCmd): ColumnDef | null {
  return subtype === 'AT_AddColumn' && def !== undefined && 'ColumnDef' in def ? def.ColumnDef : null;
}

export function constraintsOf({ constraints }: Pick<ColumnDef, 'constraints'>): readonly Constraint[] {
  return (constraints ?? []).flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
}

export function hasConstraint(column: ColumnDef, ...kinds: readonly NonNullable<Constraint['contype']>[]): boolean {
  return constraintsOf(column).some(({ contype }) => contype !== undefined && kinds.includes(contype));
}

/** The constraint that ADD CONSTRAINT adds. */
export function addedConstraint({ subtype, def }: AlterTableCmd): Constraint | null {
  return subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def ? def.Constraint : null;
}

/** The column of SET NOT NULL, or of a constraint NOT NULL that holds from now on. */
export function columnSetNotNull(command: AlterTableCmd): string | null {
  if (command.subtype === 'AT_SetNotNull') return command.name ?? null;
  const constraint = addedConstraint(command);
  if (constraint?.contype !== 'CONSTR_NOTNULL' || constraint.skip_validation === true) return null;
  return stringsOf(constraint.keys)[0] ?? null;
}

export function isSerial({ typeName }: ColumnDef): boolean {
  return /^(small|big)?serial[248]?$/.test(stringsOf(typeName?.names).at(-1) ?? '');
}

/** Of an index or a key of PostgreSQL; it refuses more. */
const MOST_COLUMNS = 32;

/** Columns that an index or a key begins with, in any order: whoever looks for rows by them finds them by it. */
export function leadingColumns(relation: RangeVar | undefined, columns: readonly string[]): readonly string[] {
  if (relation === undefined || columns.length > MOST_COLUMNS) return [];
  return columns.flatMap((_, index) =>
    marks(
      'leading',
      writtenName(relation),
      columns
        .slice(0, index + 1)
        .toSorted()
        .join(','),
    ),
  );
}

export function hasOption(options: readonly Node[] | undefined, option: string): boolean {
  return (options ?? []).some(
    (node) => 'DefElem' in node && node.DefElem.defname === option && !isOff(node.DefElem.arg),
  );
}

function isOff(arg: Node | undefined): boolean {
  if (arg === undefined) return false;
  if ('Boolean' in arg) return arg.Boolean.boolval !== true;
  if ('Integer' in arg) return (arg.Integer.ival ?? 0) === 0;
  return 'String' in arg && /^(off|false)$/i.test(arg.String.sval ?? '');
}
