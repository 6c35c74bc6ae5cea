import { describe, expect, it } from '@jest/globals';
import { parse } from 'libpg-query';
import { settleLint } from '../run/settle.js';
import { postgresLinter } from './linter.js';
import { POSTGRES_RULES } from './rules/index.js';

/** The rules that a text breaks, were it a run of its own; whatever is gone is used by an API. */
async function rulesIn(text: string): Promise<readonly string[]> {
  const { stmts = [] } = await parse(text);
  const linter = postgresLinter(text);
  for (const { stmt, stmt_location: start = 0 } of stmts) if (stmt !== undefined) linter.look(stmt, start);
  const texts = [{ database: 'a', lint: linter.result(), findings: [] }];
  const [settled] = settleLint(texts, () => ['orders_api']);
  return (settled?.findings ?? []).map(({ rule }) => rule);
}

describe.each(POSTGRES_RULES.map((rule) => [rule.name, rule.examples] as const))('%s', (name, { dangerous, safe }) => {
  it.each(dangerous)('finds %j', async (text) => expect(await rulesIn(text)).toContain(name));
  it.each(safe)('does not find %j', async (text) => expect(await rulesIn(text)).not.toContain(name));
});

it('every rule has a text that it finds, and one that it does not', () => {
  const without = POSTGRES_RULES.filter(
    ({ examples: { dangerous, safe } }) => dangerous.length === 0 || safe.length === 0,
  );
  expect(without).toEqual([]);
});

it('an index of more columns than PostgreSQL takes costs no more than its text', async () => {
  const columns = Array.from({ length: 10_000 }, (_, index) => `c${index}`).join(', ');
  const text = `CREATE INDEX wide ON orders (${columns}); ALTER TABLE orders ADD PRIMARY KEY (${columns})`;
  const { stmts = [] } = await parse(text);
  const linter = postgresLinter(text);
  for (const { stmt } of stmts) if (stmt !== undefined) linter.look(stmt, 0);
  expect(linter.result().makes.join('').length).toBeLessThan(text.length);
});
