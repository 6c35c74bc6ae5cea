import { describe, expect, it } from '@jest/globals';
import { isEdenError, type JsonValue } from '@eden/domain';
import { analyze } from './analyze.js';
import { cutStatements } from './statements.js';

const statement = (text: string, ...params: readonly JsonValue[]) => ({ text, params });

describe('a statement of MariaDB', () => {
  it.each([
    'SELECT 1',
    '(SELECT 1) UNION (SELECT 2)',
    'INSERT INTO t VALUES (\'a;b\', "c;d") -- ;\n',
    'WITH a AS (SELECT 1) SELECT * FROM a',
    'REPLACE INTO t VALUES (1); DELETE FROM t WHERE id = 1',
    'CALL fill()',
    "SET @a = 1, @'b' = 2",
    'ANALYZE SELECT 1',
    'SELECT `lock`, `commit` FROM t FOR UPDATE',
  ])('takes part in a transaction: %s', (text) => {
    expect(analyze(statement(text))).toMatchObject({ class: '2pc', refusals: [] });
  });

  it.each([
    'ALTER TABLE t ADD COLUMN a int',
    'TRUNCATE t',
    'CREATE TABLE t (a int)',
    'SELECT 1; DROP TABLE t',
    '/* a */ rename table a to b',
    'ANALYZE TABLE t',
    'GRANT SELECT ON t TO a',
    'OPTIMIZE TABLE t',
  ])('commits by itself: %s', (text) => {
    expect(analyze(statement(text))).toMatchObject({ class: 'irreversible', refusals: [] });
  });

  it.each([
    ['COMMIT', 'left to the service'],
    ['SELECT 1; rollback', 'left to the service'],
    ['BEGIN NOT ATOMIC SELECT 1; END', 'left to the service'],
    ["XA COMMIT 'a'", 'left to the service'],
    ["SET sql_mode = 'ANSI_QUOTES'", 'only variables of the user'],
    ['SET @a = 1, sql_mode = 2', 'only variables of the user'],
    ['SET @a = f(1, 2), SESSION sql_mode = 2', 'only variables of the user'],
    ['SET @@sql_mode = 1', 'only variables of the user'],
    ['SET STATEMENT max_statement_time = 0 FOR SELECT 1', 'only variables of the user'],
    ['USE other', 'USE changes the database'],
    ['LOCK TABLES t WRITE', 'commits the transaction'],
    ["PREPARE s FROM 'SELECT 1'", 'outlive the transaction'],
    ["EXECUTE IMMEDIATE 'COMMIT'", 'hides what it runs'],
    ["LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t", 'reads files of the service'],
    ['DELETE FROM `_eden_fence`', 'belong to the service'],
    ['SELECT * FROM shop._EDEN_gate', 'belong to the service'],
    ["SELECT GET_LOCK('a', 1)", 'left to the service'],
    ['KILL 1', 'KILL ends'],
    ['DELIMITER //', 'a command of the client'],
  ])('is refused: %s', (text, reason) => {
    expect(analyze(statement(text)).refusals).toContainEqual(expect.stringContaining(reason));
  });

  it.each([
    ['SELEC 1', 'no statement of MariaDB begins with "SELEC"'],
    ["SELECT 'a", 'never ends'],
    ['SELECT /*! 1 */', 'code for some servers only'],
    ['SELECT ?', 'more ? than params has values'],
    ['SELECT @', 'begins nothing in SQL'],
  ])('is not read: %s', (text, reason) => {
    let thrown: unknown;
    try {
      analyze(statement(text));
    } catch (error) {
      thrown = error;
    }
    if (!isEdenError(thrown, 'VALIDATION_FAILED')) throw new Error('it was read', { cause: thrown });
    expect(thrown.context['issues']).toEqual([{ path: 'query', message: expect.stringContaining(reason) }]);
  });

  it('has a finding where it changes every row, or what no transaction undoes', () => {
    const rules = (text: string) => analyze(statement(text)).findings.map(({ rule }) => rule);
    expect(analyze(statement('UPDATE t SET a = 1')).lint?.places).toMatchObject([{ rule: 'update-without-where' }]);
    expect(rules("SELECT 1 INTO OUTFILE '/tmp/a'")).toEqual(['not-undone']);
    expect(rules('SELECT NEXTVAL(s)')).toEqual(['sequence-advances']);
    expect(rules('SELECT SETVAL(s, 9)')).toEqual(['sequence-advances']);
    expect(rules('DELETE FROM t WHERE a = 1')).toEqual([]);
  });

  it('has values at its ?, and knows where it stands in its text', () => {
    const cut = cutStatements(statement("-- a\nSELECT ?, '?', 3 -?;\n INSERT INTO t VALUES (?)", "o'\\", -5, null));
    expect(cut.map(({ text, place: { number, start } }) => [text, number, start])).toEqual([
      ["-- a\nSELECT 'o''\\\\', '?', 3 - -5", 1, 5],
      ['INSERT INTO t VALUES (NULL)', 2, 27],
    ]);
    expect(() => cutStatements(statement('SELECT ?', 1, 2))).toThrow('1 of params have no ?');
  });
});
