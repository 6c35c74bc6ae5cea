import { describe, expect, it } from '@jest/globals';
import type { TextLint } from '@eden/domain';
import { parse } from 'libpg-query';
import { postgresLinter } from '../postgres/linter.js';
import { joinLints } from './join.js';
import { missingRollback } from './missing-rollback.js';
import { settleLint, type LintedText, type SettledLint, type UsersOf } from './settle.js';
import { unusedFields } from './unused-field.js';

async function lintOf(text: string): Promise<TextLint> {
  const { stmts = [] } = await parse(text);
  const linter = postgresLinter(text);
  let read = 0;
  for (const { stmt } of stmts) {
    if (stmt === undefined) continue;
    // The first word of each statement stands behind the last semicolon.
    const start = read + text.slice(read).search(/[A-Z]+ (?!.*eden:ignore)/);
    linter.look(stmt, start);
    read = text.indexOf(';', start) + 1;
  }
  return linter.result();
}

async function settle(texts: readonly string[], databases: readonly string[] = [], usersOf?: UsersOf) {
  const linted = texts.map(async (text, index): Promise<LintedText> => {
    return { database: databases[index] ?? 'a', lint: await lintOf(text), findings: [] };
  });
  return settleLint(await Promise.all(linted), usersOf);
}

const rules = (settled: readonly SettledLint[]) => settled.map(({ findings }) => findings.map(({ rule }) => rule));

describe('what a run makes', () => {
  it('is no danger in its later texts', async () => {
    expect(rules(await settle(['CREATE TABLE t (a int)', 'CREATE INDEX i ON t (a); DROP TABLE t']))).toEqual([[], []]);
  });

  it('is one in texts that run before it', async () => {
    expect(rules(await settle(['DROP TABLE t', 'CREATE TABLE t (a int)']))).toEqual([['drop-table'], []]);
  });

  it('is one in another database', async () => {
    const texts = ['CREATE TABLE t (a int)', 'DROP TABLE t'];
    expect(rules(await settle(texts, ['a', 'b']))).toEqual([[], ['drop-table']]);
  });

  it('is known without its schema, but not under another one', async () => {
    const texts = ['CREATE TABLE s.t (a int)', 'DROP TABLE t', 'DROP TABLE s.t', 'DROP TABLE other.t'];
    expect(rules(await settle(texts))).toEqual([[], [], [], ['drop-table']]);
  });

  it('counts for a foreign key also where it comes later', async () => {
    const key = 'CREATE TABLE t (u int REFERENCES u)';
    expect(rules(await settle([key, 'CREATE INDEX ON t (u)']))).toEqual([[], []]);
    expect(rules(await settle([key, 'CREATE INDEX ON t (v, u)']))).toEqual([['foreign-key-without-index'], []]);
  });

  it('makes VALIDATE CONSTRAINT of an earlier text a danger', async () => {
    const validate = 'ALTER TABLE t VALIDATE CONSTRAINT c';
    expect(rules(await settle([validate]))).toEqual([[]]);
    const add = 'ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT VALID';
    expect(rules(await settle([add, validate]))).toEqual([[], ['validate-with-its-constraint']]);
  });
});

describe('what is gone', () => {
  const usersOf: UsersOf = (database, { table, column }) =>
    database === 'a' && table === 't' && (column ?? 'b') === 'b' ? ['read_t', 'list_t'] : [];

  it('is a danger where APIs use it, which are named', async () => {
    const [first] = await settle(['ALTER TABLE t DROP COLUMN b'], ['a'], usersOf);
    expect(first?.findings.map(({ rule }) => rule)).toEqual(['drop-column', 'used-by-api']);
    expect(first?.findings[1]?.message).toMatch(/^t\.b is used by read_t, list_t \(line 1\)\. /);
  });

  it.each([
    ['ALTER TABLE t DROP COLUMN c', 'a'],
    ['ALTER TABLE u DROP COLUMN b', 'a'],
    ['ALTER TABLE t DROP COLUMN b', 'b'],
  ])('is none where nobody uses it: %s in %s', async (text, database) => {
    expect(rules(await settle([text], [database], usersOf))).toEqual([['drop-column']]);
  });
});

describe('a finding', () => {
  it('says the lines, and counts those that are many', async () => {
    const text = Array.from({ length: 7 }, (_, index) => `DROP TABLE t${index};`).join('\n');
    const [settled] = await settle([text]);
    expect(settled?.findings).toEqual([
      {
        rule: 'drop-table',
        severity: 'danger',
        line: 1,
        message: expect.stringMatching(
          /^DROP TABLE removes its rows for good \(lines 1, 2, 3, 4, 5 and 2 more\)\. First/,
        ),
      },
    ]);
  });
});

describe('eden:ignore', () => {
  const ignore = '-- eden:ignore drop-table: empty since May\n';

  it('silences a rule in its text, and is shown with its reason', async () => {
    const [first, second] = await settle([`${ignore}DROP TABLE t;\nTRUNCATE u`, 'DROP TABLE v']);
    expect(first?.findings.map(({ rule }) => rule)).toEqual(['truncate']);
    expect(first?.silenced).toMatchObject([{ rule: 'drop-table', reason: 'empty since May', line: 2 }]);
    expect(second).toMatchObject({ findings: [{ rule: 'drop-table' }], silenced: [] });
  });

  it.each(['/* eden:ignore drop-table: empty */ DROP TABLE t', 'DROP TABLE t -- eden:ignore drop-table: empty'])(
    'may stand in any comment: %s',
    async (text) => expect((await settle([text]))[0]).toMatchObject({ findings: [], silenced: [{ reason: 'empty' }] }),
  );

  it.each([
    ['-- eden:ignore drop-table\nDROP TABLE t', ['drop-table', 'useless-ignore'], 'gives no reason'],
    ['-- eden:ignore drop-table:  \nDROP TABLE t', ['drop-table', 'useless-ignore'], 'gives no reason'],
    ['-- eden:ignore drop-tables: why\nDROP TABLE t', ['drop-table', 'useless-ignore'], 'no rule drop-tables'],
    ['-- eden:ignore truncate: why\nDROP TABLE t', ['drop-table', 'useless-ignore'], 'nothing that truncate finds'],
    ['-- eden:ignore useless-ignore: why\nDROP TABLE t', ['drop-table', 'useless-ignore'], 'no rule useless-ignore'],
  ])('says so where it silences nothing: %j', async (text, names, words) => {
    const [settled] = await settle([text]);
    expect(settled?.findings.map(({ rule }) => rule)).toEqual(names);
    expect(settled?.findings.at(-1)?.message).toContain(words);
    expect(settled?.silenced).toEqual([]);
  });

  it('is not read from a literal, which holds what others have written', async () => {
    const [settled] = await settle([`INSERT INTO log VALUES ('\n${ignore}'); DROP TABLE t`]);
    expect(settled).toMatchObject({ findings: [{ rule: 'drop-table' }], silenced: [] });
  });

  it('silences what is found of the binding, too', async () => {
    const lint = await lintOf('-- eden:ignore missing-rollback: nothing to take back\nUPDATE t SET a = 1 WHERE b');
    const [settled] = settleLint([{ database: 'a', lint, findings: [missingRollback()] }]);
    expect(settled).toMatchObject({ findings: [], silenced: [{ rule: 'missing-rollback' }] });
  });
});

it('operations of one template know what those before them have made', async () => {
  const lints = [
    await lintOf('CREATE TABLE t (a int)'),
    await lintOf('DROP TABLE t; DROP TABLE u'),
    await lintOf('ALTER TABLE w ADD CONSTRAINT c CHECK (a > 0) NOT VALID'),
    await lintOf('ALTER TABLE w VALIDATE CONSTRAINT c'),
  ];
  const [settled] = settleLint([{ database: 'a', lint: joinLints(lints), findings: [] }]);
  expect(settled?.findings.map(({ rule }) => rule)).toEqual(['drop-table', 'validate-with-its-constraint']);
});

describe('fields', () => {
  it.each([
    [['size'], ['size'], []],
    [['sise'], ['size'], ['sise']],
    [['customer'], ['customer.id'], []],
    [['customer.id'], ['customer'], []],
    [['cust'], ['customer.id'], ['cust']],
  ])('%j of a template that takes %j: unused are %j', (fields, parameters, unused) => {
    const messages = unusedFields(fields, parameters).map(({ message }) => /"(.*)"/.exec(message)?.[1]);
    expect(messages).toEqual(unused);
  });
});
