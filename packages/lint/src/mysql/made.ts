import { marks } from '../names.js';
import { addedColumn, addedConstraint, alterationsIn, renamingsIn, type Alteration } from './alter.js';
import { behind, hasWord, isWord, lower, nameAt, type MysqlStatement } from './statement.js';

/** Names of what a statement makes. */
export function madeBy(statement: MysqlStatement): readonly string[] {
  if (isWord(statement[0], 'CREATE')) return created(statement);
  return [...renamingsIn(statement).flatMap(renamed), ...alterationsIn(statement).flatMap(altered)];
}

function created(statement: MysqlStatement): readonly string[] {
  const rest = fromKind(behind(statement, 'CREATE', 'OR', 'REPLACE', 'TEMPORARY', 'UNIQUE', 'FULLTEXT', 'SPATIAL'));
  const named = nameAt(behind(rest.slice(1), 'IF', 'NOT', 'EXISTS'));
  if (named === null) return [];
  if (isWord(rest[0], 'INDEX')) return indexOn(named.name.name, named.rest);
  if (isWord(rest[0], 'DATABASE', 'SCHEMA')) return marks('schema', named.name);
  // What is temporary gives its name to nobody else.
  const isTemporary = hasWord(statement.slice(0, -rest.length), 'TEMPORARY');
  const name = isTemporary ? [] : marks('named', named.name);
  if (isWord(rest[0], 'TABLE')) return [...marks('table', named.name), ...name];
  return isWord(rest[0], 'VIEW') ? [...marks('view', named.name), ...name] : [];
}

/** Behind `ALGORITHM = …`, `DEFINER = …` and `SQL SECURITY …`, as dumps write them of views and routines. */
function fromKind(rest: MysqlStatement): MysqlStatement {
  if (!isWord(rest[0], 'ALGORITHM', 'DEFINER', 'SQL')) return rest;
  const at = rest.findIndex((part) => isWord(part, 'VIEW', 'TRIGGER', 'PROCEDURE', 'FUNCTION', 'EVENT'));
  return at < 0 ? [] : rest.slice(at);
}

/** Only its name is new: what it holds has been there before. In another database it may have the old one. */
function renamed({ from, to }: ReturnType<typeof renamingsIn>[number]): readonly string[] {
  return to === null || to.name === from.name ? [] : marks('named', to);
}

/** Names of indexes are those of their tables. */
function indexOn(index: string, rest: MysqlStatement): readonly string[] {
  const on = rest.findIndex((part) => isWord(part, 'ON'));
  const table = nameAt(rest.slice(on + 1));
  return on < 0 || table === null ? [] : marks('index', table.name, index);
}

function altered(alteration: Alteration): readonly string[] {
  const { table } = alteration;
  const column = addedColumn(alteration);
  if (column !== null) return marks('column', table, column.column);
  const constraint = addedConstraint(alteration);
  if (constraint === null) return [];
  const { name, what } = constraint;
  if (name !== null) return marks('constraint', table, name);
  const [index] = behind(what, 'UNIQUE', 'FULLTEXT', 'SPATIAL', 'INDEX', 'KEY', 'IF', 'NOT', 'EXISTS');
  return index === undefined || index.text === '(' ? [] : marks('index', table, lower(index));
}
