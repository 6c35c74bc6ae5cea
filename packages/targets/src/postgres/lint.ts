import type { LintFinding } from '@eden/domain';
import type { AlterTableCmd, ColumnDef, Node } from 'libpg-query';
import { isInTree } from './syntax.js';

interface Rule {
  readonly rule: string;
  readonly severity: LintFinding['severity'];
  readonly message: string;
  /** `created`: tables that earlier statements of the same text have made. */
  applies(node: Node, created: ReadonlySet<string>): boolean;
}

const RULES: readonly Rule[] = [
  {
    rule: 'drop-table',
    severity: 'danger',
    message: 'DROP TABLE removes its rows for good',
    applies: (node) => 'DropStmt' in node && node.DropStmt.removeType === 'OBJECT_TABLE',
  },
  {
    rule: 'drop-schema',
    severity: 'danger',
    message: 'DROP SCHEMA removes everything in it for good',
    applies: (node) => 'DropStmt' in node && node.DropStmt.removeType === 'OBJECT_SCHEMA',
  },
  {
    rule: 'drop-column',
    severity: 'danger',
    message: 'DROP COLUMN removes its values for good',
    applies: (node) => alterations(node).some(({ subtype }) => subtype === 'AT_DropColumn'),
  },
  {
    rule: 'truncate',
    severity: 'danger',
    message: 'TRUNCATE removes all rows',
    applies: (node) => 'TruncateStmt' in node,
  },
  {
    rule: 'update-without-where',
    severity: 'danger',
    message: 'UPDATE without WHERE changes every row',
    applies: (node) => clauseless(node, 'UpdateStmt'),
  },
  {
    rule: 'delete-without-where',
    severity: 'danger',
    message: 'DELETE without WHERE removes every row',
    applies: (node) => clauseless(node, 'DeleteStmt'),
  },
  {
    rule: 'change-column-type',
    severity: 'warning',
    message: 'ALTER COLUMN … TYPE may rewrite the table while nobody can read it',
    applies: (node) => alterations(node).some(({ subtype }) => subtype === 'AT_AlterColumnType'),
  },
  {
    rule: 'add-required-column',
    severity: 'danger',
    message: 'ADD COLUMN … NOT NULL without a default fails when the table has rows',
    applies: (node) => alterations(node).some(addsRequiredColumn),
  },
  {
    rule: 'index-blocks-writes',
    severity: 'warning',
    message: 'CREATE INDEX without CONCURRENTLY blocks writes to the table while it builds',
    applies: (node, created) =>
      'IndexStmt' in node && !node.IndexStmt.concurrent && !created.has(node.IndexStmt.relation?.relname ?? ''),
  },
];

/** Looks at the statements of one text, one after the other. */
export class Linter {
  private readonly created = new Set<string>();
  private readonly found = new Set<Rule>();

  /** What people should look at before they let the statements run. */
  get findings(): readonly LintFinding[] {
    return [...this.found].map(({ rule, severity, message }) => ({ rule, severity, message }));
  }

  look(node: Node): void {
    for (const rule of RULES) if (rule.applies(node, this.created)) this.found.add(rule);
    for (const table of tablesMadeBy(node)) this.created.add(table);
  }
}

function tablesMadeBy(node: Node): readonly string[] {
  const made = 'CreateStmt' in node ? node.CreateStmt.relation : undefined;
  const filled = 'CreateTableAsStmt' in node ? node.CreateTableAsStmt.into?.rel : undefined;
  return [made?.relname, filled?.relname].filter((name) => name !== undefined);
}

function alterations(node: Node): readonly AlterTableCmd[] {
  if (!('AlterTableStmt' in node)) return [];
  return (node.AlterTableStmt.cmds ?? []).flatMap((command) =>
    'AlterTableCmd' in command ? [command.AlterTableCmd] : [],
  );
}

/** Also inside WITH. */
function clauseless(node: Node, kind: 'UpdateStmt' | 'DeleteStmt'): boolean {
  return isInTree(node, (object) => kind in object && !hasWhere(object[kind]));
}

function hasWhere(statement: unknown): boolean {
  return (statement as { whereClause?: unknown }).whereClause !== undefined;
}

const FILLED_BY_THEMSELVES = ['CONSTR_DEFAULT', 'CONSTR_IDENTITY', 'CONSTR_GENERATED'];

function addsRequiredColumn({ subtype, def }: AlterTableCmd): boolean {
  if (subtype !== 'AT_AddColumn' || def === undefined || !('ColumnDef' in def)) return false;
  const kinds = (def.ColumnDef.constraints ?? []).flatMap((node) =>
    'Constraint' in node ? [node.Constraint.contype] : [],
  );
  const required = kinds.includes('CONSTR_NOTNULL') || kinds.includes('CONSTR_PRIMARY');
  return required && !kinds.some((kind) => FILLED_BY_THEMSELVES.includes(kind ?? '')) && !isSerial(def.ColumnDef);
}

function isSerial({ typeName }: ColumnDef): boolean {
  const last = typeName?.names?.at(-1);
  return last !== undefined && 'String' in last && /^(small|big)?serial[248]?$/.test(last.String.sval ?? '');
}
