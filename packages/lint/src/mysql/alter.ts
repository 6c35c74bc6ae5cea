import { lookups, type WrittenName } from '../names.js';
import { atCommas, beginsWith, behind, isWord, lower, nameAt, type MysqlStatement } from './statement.js';

/** ALTER TABLE, and what it does one by one. */
export interface Alteration {
  readonly table: WrittenName;
  readonly action: MysqlStatement;
}

const BEFORE_TABLE = ['ALTER', 'ONLINE', 'OFFLINE', 'IGNORE'];

export function alterationsIn(statement: MysqlStatement): readonly Alteration[] {
  if (!isWord(statement[0], 'ALTER')) return [];
  const head = behind(statement, ...BEFORE_TABLE);
  if (!isWord(head[0], 'TABLE')) return [];
  const named = nameAt(behind(head, 'TABLE', 'IF', 'EXISTS'));
  if (named === null) return [];
  const rest = isWord(named.rest[0], 'WAIT', 'NOWAIT')
    ? named.rest.slice(named.rest[0]?.text === 'WAIT' ? 2 : 1)
    : named.rest;
  return atCommas(rest).map((action) => ({ table: named.name, action }));
}

/** Tables that the run has made are nobody's yet. */
export function unlessNew({ table }: Alteration): { readonly unless: readonly string[] } {
  return { unless: lookups('table', table) };
}

const NO_COLUMN = [
  ...'INDEX KEY UNIQUE PRIMARY FOREIGN CONSTRAINT CHECK FULLTEXT SPATIAL PARTITION SYSTEM PERIOD VECTOR'.split(' '),
];

interface NamedColumn {
  readonly column: string;
  /** What follows the name. */
  readonly definition: MysqlStatement;
}

/** The column that `ADD [COLUMN] [IF NOT EXISTS] name …` adds, or several in parentheses, of which the first is looked at. */
export function addedColumn({ action }: Alteration): NamedColumn | null {
  return columnBehind(action, 'ADD');
}

export function droppedColumn({ action }: Alteration): NamedColumn | null {
  return columnBehind(action, 'DROP');
}

/** `MODIFY [COLUMN] name …`, and `CHANGE [COLUMN] name new …`. */
export function changedColumn({ action }: Alteration): (NamedColumn & { readonly newName: string }) | null {
  const isChange = isWord(action[0], 'CHANGE');
  const found = columnBehind(action, isChange ? 'CHANGE' : 'MODIFY');
  if (found === null) return null;
  if (!isChange) return { ...found, newName: found.column };
  const [first] = found.definition;
  return first === undefined ? null : { ...found, newName: lower(first), definition: found.definition.slice(1) };
}

function columnBehind(action: MysqlStatement, verb: string): NamedColumn | null {
  if (!isWord(action[0], verb)) return null;
  const isSaid = isWord(action[1], 'COLUMN');
  const rest = behind(action.slice(isSaid ? 2 : 1), 'IF', 'NOT', 'EXISTS').filter(
    ({ text }, at) => at > 0 || text !== '(',
  );
  const [name] = rest;
  if (name === undefined || (!isSaid && isWord(name, ...NO_COLUMN))) return null;
  return { column: lower(name), definition: rest.slice(1) };
}

/** `ADD [CONSTRAINT [name]] …`: what is added, and its name. */
export function addedConstraint({
  action,
}: Alteration): { readonly name: string | null; readonly what: MysqlStatement } | null {
  if (!isWord(action[0], 'ADD')) return null;
  if (!isWord(action[1], 'CONSTRAINT')) return { name: null, what: action.slice(1) };
  const rest = behind(action.slice(2), 'IF', 'NOT', 'EXISTS');
  const isUnnamed = isWord(rest[0], 'FOREIGN', 'CHECK', 'UNIQUE', 'PRIMARY');
  const [name] = rest;
  return name === undefined || isUnnamed ? { name: null, what: rest } : { name: lower(name), what: rest.slice(1) };
}

interface Renaming {
  readonly from: WrittenName;
  readonly to: WrittenName | null;
}

/** `a.b TO c`, each of those of RENAME TABLE, or that of ALTER TABLE. */
export function renamingsIn(statement: MysqlStatement): readonly Renaming[] {
  if (beginsWith(statement, 'RENAME', 'TABLE') || beginsWith(statement, 'RENAME', 'TABLES')) {
    return atCommas(behind(statement, 'RENAME', 'TABLE', 'TABLES', 'IF', 'EXISTS')).flatMap((each) => {
      const named = nameAt(each);
      return named === null ? [] : [{ from: named.name, to: newName(named.rest) }];
    });
  }
  return alterationsIn(statement)
    .filter(({ action }) => isWord(action[0], 'RENAME') && !isWord(action[1], 'COLUMN', 'INDEX', 'KEY'))
    .map(({ table, action }) => ({ from: table, to: newName(action.slice(1)) }));
}

function newName(rest: MysqlStatement): WrittenName | null {
  const to = rest.findIndex((part) => isWord(part, 'TO', 'AS'));
  return nameAt(rest.slice(to + 1))?.name ?? null;
}

/** `RENAME COLUMN a TO b`, and a CHANGE that gives another name. */
export function renamedColumn(alteration: Alteration): string | null {
  const { action } = alteration;
  const [, , name] = action;
  if (beginsWith(action, 'RENAME', 'COLUMN') && name !== undefined) return lower(name);
  const changed = changedColumn(alteration);
  return changed !== null && changed.newName !== changed.column ? changed.column : null;
}

/** Tables, views or databases that a DROP of theirs names. */
export function droppedNames(statement: MysqlStatement, ...kinds: readonly string[]): readonly WrittenName[] {
  if (!isWord(statement[0], 'DROP')) return [];
  const rest = behind(statement.slice(1), 'TEMPORARY');
  if (!isWord(rest[0], ...kinds)) return [];
  return atCommas(behind(rest.slice(1), 'IF', 'EXISTS')).flatMap((each) => nameAt(each)?.name ?? []);
}
