import type { CodeLiterals } from '../sql/code-places.js';
import type { SqlDialect } from '../sql/dialect.js';
import { tokenizePostgres } from '@eden/lexers';
import { quoteIdentifier, quoteString, unquote } from './quoting.js';

/** Words behind which a minus is a sign: reserved ones, and five that no column should be called. */
const BEFORE_OPERANDS = new Set(
  `ALL AND ANY ARRAY AS ASYMMETRIC BETWEEN BY CASE CHECK DEFAULT DISTINCT ELSE EXCEPT FETCH FOR FROM HAVING ILIKE IN
   INTERSECT IS LIKE LIMIT MAXVALUE MINVALUE NOT OFFSET ON OR RESTART RETURNING SELECT SIMILAR SOME SYMMETRIC THEN TO
   UNION USING VARIADIC WHEN WHERE WITH`.split(/\s+/),
);

const CODE: CodeLiterals = {
  words: {
    start: { DO: 'block', CREATE: 'create', COPY: 'copy' },
    create: { OR: 'create', REPLACE: 'create', FUNCTION: 'head', PROCEDURE: 'head' },
    head: { AS: 'body' },
    copy: { PROGRAM: 'body' },
  },
  description: 'DO, AS of a function or procedure, PROGRAM of COPY',
};

export const POSTGRES: SqlDialect = {
  tokenize: tokenizePostgres,
  unquote,
  quoteString,
  quoteIdentifier,
  placeholder: (number) => `$${number}`,
  code: CODE,
  expectsOperand: (word) => BEFORE_OPERANDS.has(word.toUpperCase()),
};
