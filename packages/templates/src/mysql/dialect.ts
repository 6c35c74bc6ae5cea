import { quoteMysqlIdentifier, quoteMysqlString, tokenizeMysql, unquoteMysql } from '@eden/lexers';
import { RenderProblem } from '../problems.js';
import type { CodeLiterals } from '../sql/code-places.js';
import type { SqlDialect } from '../sql/dialect.js';

/** Words behind which a minus is a sign: reserved ones, so that no column is called so. */
const BEFORE_OPERANDS = new Set(
  `ALL AND BETWEEN BY CASE DEFAULT DISTINCT DIV ELSE EXCEPT FOR FROM HAVING IN INTERSECT INTERVAL LIKE LIMIT MOD NOT
   ON OR RETURNING SELECT THEN TO UNION USING VALUES WHEN WHERE WITH XOR`.split(/\s+/),
);

const CODE: CodeLiterals = {
  words: {
    start: { PREPARE: 'head', EXECUTE: 'copy' },
    head: { FROM: 'body' },
    copy: { IMMEDIATE: 'body' },
  },
  description: 'FROM of PREPARE, EXECUTE IMMEDIATE',
};

const MAX_NAME_LENGTH = 64;

/** Names are kept in three bytes a character at most, and without blanks at their end. */
function quoteIdentifier(name: string): string {
  if (name === '') throw new RenderProblem('an identifier cannot be empty');
  if (name.length > MAX_NAME_LENGTH) {
    throw new RenderProblem(`the identifier "${name.slice(0, 20)}…" is longer than ${MAX_NAME_LENGTH} characters`);
  }
  if (/[^\u0001-\uFFFF]|[\uD800-\uDFFF]/u.test(name)) {
    throw new RenderProblem('an identifier cannot hold a character above U+FFFF');
  }
  if (name.endsWith(' ')) throw new RenderProblem('an identifier cannot end in a blank');
  return quoteMysqlIdentifier(name);
}

/** MariaDB's, in sessions that have the sql_mode of this service (see packages/targets/src/mysql/session-settings.ts). */
export const MYSQL: SqlDialect = {
  tokenize: tokenizeMysql,
  unquote: unquoteMysql,
  quoteString: quoteMysqlString,
  quoteIdentifier,
  placeholder: null,
  code: CODE,
  expectsOperand: (word) => BEFORE_OPERANDS.has(word.toUpperCase()),
};
