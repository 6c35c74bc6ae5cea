import { describe, expect, it } from '@jest/globals';
import { tokenizeMysql, unquoteMysql } from '@eden/lexers';
import { settleLint } from '../run/settle.js';
import { mysqlLinter } from './linter.js';
import { MYSQL_RULES } from './rules/index.js';
import type { MysqlStatement } from './statement.js';

function cut(text: string): readonly { readonly start: number; readonly parts: MysqlStatement }[] {
  const tokens = tokenizeMysql(text, null).filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  const statements: { start: number; parts: MysqlStatement[number][] }[] = [];
  let isNew = true;
  for (const { kind, start, end } of tokens) {
    const raw = text.slice(start, end);
    if (isNew) statements.push({ start, parts: [] });
    isNew = raw === ';';
    const named = kind === 'quotedIdentifier' ? unquoteMysql(kind, raw.slice(1, -1)) : raw;
    if (!isNew) statements.at(-1)?.parts.push({ kind, text: kind === 'word' ? raw.toUpperCase() : named });
  }
  return statements;
}

/** The rules that a text breaks, were it a run of its own; whatever is gone is used by an API. */
function rulesIn(text: string): readonly string[] {
  const linter = mysqlLinter(text);
  for (const { parts, start } of cut(text)) linter.look(parts, start);
  const texts = [{ database: 'a', lint: linter.result(), findings: [] }];
  const [settled] = settleLint(texts, () => ['orders_api']);
  return (settled?.findings ?? []).map(({ rule }) => rule);
}

describe.each(MYSQL_RULES.map((rule) => [rule.name, rule.examples] as const))('%s', (name, { dangerous, safe }) => {
  it.each(dangerous)('finds %j', (text) => expect(rulesIn(text)).toContain(name));
  it.each(safe)('does not find %j', (text) => expect(rulesIn(text)).not.toContain(name));
});

it('every rule has a text that it finds, and one that it does not', () => {
  const without = MYSQL_RULES.filter(
    ({ examples: { dangerous, safe } }) => dangerous.length === 0 || safe.length === 0,
  );
  expect(without).toEqual([]);
});

describe('words that only look like it', () => {
  it.each([
    "INSERT INTO log VALUES ('DROP TABLE orders')",
    'SELECT `drop` FROM `table`',
    'UPDATE t SET a = 1 WHERE b = 2',
  ])('%j', (text) => expect(rulesIn(text)).toEqual([]));
});
