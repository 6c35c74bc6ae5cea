import { lookups } from '../names.js';
import type { Match } from '../rule.js';
import { behind, hasWord, isWord, nameAt, outermost, type MysqlStatement } from './statement.js';

/** Of a DELETE or an UPDATE that says of no row that it is meant. */
export function ofEveryRow(statement: MysqlStatement): readonly Match[] {
  const outer = outermost(statement);
  return hasWord(outer, 'WHERE', 'LIMIT') ? [] : [{ unless: onlyTable(outer) }];
}

/** Names under which the run may have made the table, where it is about a single one. */
function onlyTable(statement: MysqlStatement): readonly string[] {
  const named = nameAt(behind(statement, 'DELETE', 'UPDATE', 'LOW_PRIORITY', 'QUICK', 'IGNORE', 'FROM'));
  if (named === null) return [];
  const end = named.rest.findIndex((part) => isWord(part, 'SET', 'ORDER', 'RETURNING'));
  const more = end < 0 ? named.rest : named.rest.slice(0, end);
  const isOnly = !hasWord(more, 'FROM', 'USING', 'JOIN', 'STRAIGHT_JOIN') && more.every(({ text }) => text !== ',');
  return isOnly ? lookups('table', named.name) : [];
}
