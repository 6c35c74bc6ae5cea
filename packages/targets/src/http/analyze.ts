import { isSafeMethod, validationError, type Statement, type StatementAnalysis } from '@eden/domain';
import { NoHttpMessage, readHttpMessage, type HttpMessage } from '@eden/lexers';

/** Requests are in no transaction: each is a step outside, taken back by its template's rollback where it has one. */
export function analyze(statement: Statement): StatementAnalysis {
  const { method } = parse(statement);
  return {
    class: 'irreversible',
    findings: [],
    refusals: [],
    outside: {
      undo: isSafeMethod(method) ? `no request (a ${method} changes nothing)` : null,
      refusals: [],
      indexedTables: null,
      isAnswered: true,
    },
    createdTables: [],
  };
}

/** @throws EdenError VALIDATION_FAILED (line, column) */
export function parse({ text }: Statement): HttpMessage {
  try {
    return readHttpMessage(text);
  } catch (error) {
    if (!(error instanceof NoHttpMessage)) throw error;
    const { line, message } = error;
    throw validationError([{ path: 'query', message: `line ${line}, column 1: ${message}` }]);
  }
}
