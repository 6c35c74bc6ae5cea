import { marks } from '../names.js';
import { addedColumn, addedConstraint, alterationsIn, type Alteration } from './alter.js';
import { behind, isWord, lower, nameAt, type MysqlStatement } from './statement.js';

/** Names of what a statement makes. */
export function madeBy(statement: MysqlStatement): readonly string[] {
  if (isWord(statement[0], 'CREATE')) return created(statement);
  return alterationsIn(statement).flatMap(altered);
}

function created(statement: MysqlStatement): readonly string[] {
  const rest = behind(statement, 'CREATE', 'OR', 'REPLACE', 'TEMPORARY', 'UNIQUE', 'FULLTEXT', 'SPATIAL');
  const named = nameAt(behind(rest.slice(1), 'IF', 'NOT', 'EXISTS'));
  if (named === null) return [];
  if (isWord(rest[0], 'TABLE')) return marks('table', named.name);
  if (isWord(rest[0], 'VIEW')) return marks('view', named.name);
  if (isWord(rest[0], 'DATABASE', 'SCHEMA')) return marks('schema', named.name);
  return isWord(rest[0], 'INDEX') ? indexOn(named.name.name, named.rest) : [];
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
