import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { POSTGRES_RULES, postgresLinter, settleLint } from '@eden/lint';
import { parse } from 'libpg-query';
import { SQUAWK_RULES } from './squawk-rules.js';

/*
 * squawk, a linter of PostgreSQL migrations by others, as the oracle of our rules: each of its rules finds a text that one
 * of ours finds as well, or stands in the list with why ours say nothing.
 */

/** Its program; of its packages for other machines not every release is to be had. */
const PACKAGE = createRequire(import.meta.url).resolve('@squawk-cli/linux-x64/package.json');
const SQUAWK = join(dirname(PACKAGE), 'bin', 'squawk');
/** The list was made for this release; another one may have other rules. */
const RELEASE = 'squawk 2.66.0';
const OPT_IN = ['require-table-schema'];

function squawk(text: string): ReadonlySet<string> {
  const options = [
    '--reporter',
    'json',
    '--no-assume-in-transaction',
    '--pg-version',
    '19',
    '--stdin-filepath',
    'a.sql',
  ];
  const included = OPT_IN.flatMap((name) => ['--include', name]);
  const { stdout } = spawnSync(SQUAWK, [...options, ...included], { input: text, encoding: 'utf8' });
  return new Set((JSON.parse(stdout) as { rule_name: string }[]).map(({ rule_name: name }) => name));
}

async function ours(text: string): Promise<ReadonlySet<string>> {
  const { stmts = [] } = await parse(text);
  const linter = postgresLinter(text);
  for (const { stmt, stmt_location: start = 0 } of stmts) if (stmt !== undefined) linter.look(stmt, start);
  const [settled] = settleLint([{ database: '', lint: linter.result(), findings: [] }]);
  return new Set(settled?.findings.map(({ rule }) => rule));
}

it('is the release that the list was made for', () => {
  expect(spawnSync(SQUAWK, ['--version'], { encoding: 'utf8' }).stdout.trim()).toBe(RELEASE);
});

describe.each(SQUAWK_RULES.map((rule) => [rule.name, rule] as const))('%s', (name, { text, ours: rule, why }) => {
  it('finds its text', () => expect([...squawk(text)]).toContain(name));

  if (rule === null) it(`and ours find nothing of it: ${why}`, () => expect(why).toBeTruthy());
  else it(`and so does ${rule}`, async () => expect([...(await ours(text))]).toContain(rule));
});

it('finds nothing by a rule that the list does not have', () => {
  const known = new Set(SQUAWK_RULES.map(({ name }) => name));
  const texts = POSTGRES_RULES.flatMap(({ examples: { dangerous, safe } }) => [...dangerous, ...safe]);
  const others = texts.flatMap((text) => [...squawk(text)].filter((name) => !known.has(name)));
  expect([...new Set(others)]).toEqual([]);
});

/** Where the two differ about one of our own examples, and why. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'ban-alter-domain-with-add-constraint': 'NOT VALID reads no row',
  'adding-field-with-default': 'a virtual column is computed by whoever reads it',
  'adding-foreign-key-constraint': 'a new column without a default refers to nothing, and the server checks nothing',
};

/** Of one statement: that what the run makes itself is no danger, is ours alone. */
it('agrees that what our rules let pass is no danger, but for these', () => {
  const theirsOf = (ours: string) => SQUAWK_RULES.filter((rule) => rule.ours === ours).map((rule) => rule.name);
  const differing = POSTGRES_RULES.flatMap(({ name, examples }) =>
    examples.safe
      .filter((text) => !text.includes(';'))
      .flatMap((text) => theirsOf(name).filter((rule) => squawk(text).has(rule))),
  );
  expect(differing.toSorted()).toEqual(Object.keys(DIFFERENCES).toSorted());
});
