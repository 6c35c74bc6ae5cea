import type { EnumValue, UsedEnumValue } from '@eden/domain';
import type { AlterEnumStmt, Node } from 'libpg-query';
import { collectFromTree, literalsIn } from '../syntax.js';

/** What a text has to do with values that are new to their enums, from the trees of its statements. */
export class EnumUse {
  readonly adds: EnumValue[] = [];
  private readonly used = new Map<EnumValue, UsedEnumValue>();

  /** @param known Values that others have added just before. */
  constructor(private readonly known: readonly EnumValue[]) {}

  get uses(): readonly UsedEnumValue[] {
    return [...this.used.values()];
  }

  look(node: Node, statement: string): void {
    if ('AlterEnumStmt' in node) this.adds.push(...addedBy(node.AlterEnumStmt));
    for (const each of this.known) {
      // Most statements name none of them: they are not walked through.
      if (statement.includes(each.value.replaceAll("'", "''")) && uses(node, each)) this.note(each, node);
    }
  }

  private note(each: EnumValue, node: Node): void {
    const isCertain = this.used.get(each)?.isCertain === true || isTyped(node, each);
    this.used.set(each, { ...each, isCertain });
  }
}

/** Another name for a value is no new value. */
function addedBy({ typeName, newVal, oldVal }: AlterEnumStmt): readonly EnumValue[] {
  const type = lastName(typeName);
  return newVal === undefined || oldVal !== undefined || type === undefined ? [] : [{ type, value: newVal }];
}

/** As a literal, or as one within the code of a DO block or of a function in SQL, which is looked at when it is made. */
function uses(node: Node, { value }: EnumValue): boolean {
  // What adds a value with IF NOT EXISTS once more, or stands it before or behind another, uses none.
  if ('AlterEnumStmt' in node) return false;
  if (constantsIn(node).includes(value)) return true;
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return ('DoStmt' in node || isSqlFunction(node)) && literalsIn(node).some((code) => code.includes(quoted));
}

function isSqlFunction(node: Node): boolean {
  return 'CreateFunctionStmt' in node && literalsIn(node).some((literal) => literal.toLowerCase() === 'sql');
}

/** The values of all string constants; names are none. */
function constantsIn(value: unknown): readonly string[] {
  return collectFromTree(value, ({ A_Const: constant }) => {
    const { sval } = (constant ?? {}) as { readonly sval?: { readonly sval?: string } };
    return sval?.sval === undefined ? [] : [sval.sval];
  });
}

interface Typed {
  readonly typeName?: { readonly names?: readonly Node[] };
}

/** `'value'::type`, or a column of the type with the value: nothing else can be meant. */
function isTyped(value: unknown, wanted: EnumValue): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { TypeCast, ColumnDef } = value as { readonly TypeCast?: Typed; readonly ColumnDef?: Typed };
  const typed = [TypeCast, ColumnDef].find((each) => lastName(each?.typeName?.names) === wanted.type);
  if (typed !== undefined && constantsIn(typed).includes(wanted.value)) return true;
  return Object.values(value).some((inside) => isTyped(inside, wanted));
}

/** Without its schema, which the search_path may say instead. */
function lastName(names: readonly Node[] = []): string | undefined {
  const last = names.at(-1);
  return last !== undefined && 'String' in last ? last.String.sval : undefined;
}
