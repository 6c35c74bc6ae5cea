import { types } from 'node:util';
import { EdenError, type ErrorContext } from '@eden/domain';
import { DatabaseError } from 'pg';
import { placeOf } from './place.js';
import { AnswersCrowded, isRefusal, ResultTooLarge } from './guard/guard-errors.js';
import { ScriptProblem } from './script/problem.js';
import { NoSuchHost } from './no-such-host.js';
import { suggestionFor } from './shortages.js';
import { NAME_HINT } from './name-hint.js';
import { notAllowed } from '../reach/reach.js';
import { RefusedError } from '../reach/refused-error.js';
import { NETWORK_REASONS } from '../network-reasons.js';

/** What we tell apart among PostgreSQL's error codes (appendix A of its manual). */
export const SQLSTATE = {
  featureNotSupported: '0A000',
  activeTransaction: '25001',
  inFailedTransaction: '25P02',
  syntaxError: '42601',
  insufficientPrivilege: '42501',
  undefinedColumn: '42703',
  undefinedObject: '42704',
  undefinedTable: '42P01',
  duplicateTable: '42P07',
  undefinedSchema: '3F000',
  lockNotAvailable: '55P03',
  deadlockDetected: '40P01',
  queryCanceled: '57014',
} as const;

/** The session is gone or was never there: nothing was wrong with the statement. */
const SESSION_LOST = /^(08...|53300|57P0.|25P0[34]|28...|3D000)$/;

/** Short words for the reasons a client may see; the server's own text may hold names that are none of its business. */
const REASONS: Readonly<Record<string, string>> = {
  ...NETWORK_REASONS,
  ENOENT: 'no such socket',
  '28000': 'authentication failed',
  '28P01': 'authentication failed',
  '3D000': 'database does not exist',
  '53300': 'too many connections',
  '57P01': 'server is shutting down or ended the session',
  '57P02': 'server crashed',
  '57P03': 'server is starting up or shutting down',
  '25P03': 'session ended by idle_in_transaction_session_timeout',
  '25P04': 'session ended by transaction_timeout',
  '57P05': 'session ended by idle_session_timeout',
};

/** The driver gives these no code. */
const DRIVER_REASONS: readonly (readonly [RegExp, string])[] = [
  [/timeout exceeded when trying to connect/, 'no free connection in the pool'],
  [/timeout/i, 'connection timed out'],
  [/does not support SSL/, 'server does not support TLS'],
  [/certificate|self.signed|altname/i, 'certificate not accepted'],
  [/SASL|password/, 'authentication failed'],
];

/** The server has said what became of a statement. */
export function isAnswered(error: unknown): boolean {
  return error instanceof DatabaseError;
}

/** The server has refused a statement for what it says, before it has done anything of it. */
export function isUnfit(error: unknown): boolean {
  return error instanceof DatabaseError && error.code?.startsWith('42') === true;
}

/** Where a server finds that a prepared statement is gone, or would answer otherwise than it was described. */
const FINDS_STALE = ['FetchPreparedStatement', 'RevalidateCachedQuery'];

/** Somebody has changed the schema, or taken away what was prepared. SQL can raise the same codes, but from nowhere else. */
export function isStale(error: unknown): boolean {
  return hasSqlstate(error, '26000', '0A000') && FINDS_STALE.includes((error as DatabaseError).routine ?? '');
}

/** The server does not take the statement: syntax, types, names, rights (class 42). */
export function isOfStatement(error: unknown): boolean {
  return error instanceof DatabaseError && error.code?.startsWith('42') === true;
}

/** True for a server's error with one of the codes. */
export function hasSqlstate(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof DatabaseError && error.code !== undefined && codes.includes(error.code);
}

/** True when the session died or could not be had; false for what the server says about a statement. */
export function isSessionLost(error: unknown): boolean {
  if (error instanceof EdenError) return error.cause !== undefined && isSessionLost(error.cause);
  if (error instanceof ScriptProblem) return false;
  if (error instanceof DatabaseError) return SESSION_LOST.test(error.code ?? '');
  return types.isNativeError(error) && !isProgrammingError(error);
}

/** The driver reports lost connections as plain Errors, so these are what is left for our own mistakes. */
function isProgrammingError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}

/** ENDPOINT_UNAVAILABLE with short words that hold neither credentials nor addresses. */
export function endpointUnavailable(endpointId: string, cause: unknown): EdenError {
  return new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpointId, details: reasonOf(cause) }, { cause });
}

/** Why there is no session. An EdenError stays itself. */
export function connectError(endpointId: string, error: unknown): EdenError {
  if (error instanceof EdenError) return error;
  return error instanceof RefusedError ? notAllowed(error.refusal, endpointId) : endpointUnavailable(endpointId, error);
}

function reasonOf(error: unknown): string {
  if (isRefusal(error) || error instanceof NoSuchHost) return error.message;
  if (!types.isNativeError(error)) return 'connection failed';
  const code = (error as { code?: unknown }).code;
  const known = typeof code === 'string' ? REASONS[code] : undefined;
  if (known !== undefined) return known;
  if (error instanceof DatabaseError) return `server answered ${error.code ?? 'an error'}`;
  return DRIVER_REASONS.find(([pattern]) => pattern.test(error.message))?.[1] ?? 'connection lost';
}

/**
 * What a failed statement becomes: ENDPOINT_UNAVAILABLE when the session is gone, else TEMPLATE_EXECUTION_FAILED with
 * the server's words, retryable when all it met was somebody else's lock. An EdenError stays itself.
 */
export function statementError(endpointId: string, cause: unknown, more: ErrorContext = {}): EdenError {
  if (cause instanceof EdenError) return cause;
  if (cause instanceof ScriptProblem) return scriptError(endpointId, cause);
  const overLimit = limitError(endpointId, cause);
  if (overLimit !== null) return overLimit;
  if (isSessionLost(cause)) return endpointUnavailable(endpointId, cause);
  if (!(cause instanceof DatabaseError)) return new EdenError('INTERNAL', {}, { cause });
  const context = { endpoint_id: endpointId, ...wordsOf(cause), ...placeOf(cause), ...more };
  const retryable = hasSqlstate(cause, SQLSTATE.deadlockDetected, SQLSTATE.lockNotAvailable);
  return new EdenError('TEMPLATE_EXECUTION_FAILED', context, { cause, retryable });
}

/** In the words and with the code that the server has for what it does not know. */
function scriptError(endpointId: string, { reason: message, statement, line, column }: ScriptProblem): EdenError {
  const sqlstate = SQLSTATE.featureNotSupported;
  return new EdenError('TEMPLATE_EXECUTION_FAILED', {
    endpoint_id: endpointId,
    sqlstate,
    message,
    statement,
    line,
    column,
  });
}

/** What the server says, as it says it; its `column`, of a table, would stand where that of the text stands. */
function wordsOf(error: DatabaseError): ErrorContext {
  const { code: sqlstate, message, detail, hint, where, constraint, table, column: column_name } = error;
  const suggestion = suggestionFor(error) ?? nameSuggestion(error);
  const told = Object.entries({ suggestion, detail, hint, where, constraint, table, column_name });
  return { sqlstate, message, ...Object.fromEntries(told.filter(([, words]) => words !== undefined)) };
}

/** The server quotes what it met. */
function nameSuggestion({ code, message }: DatabaseError): string | undefined {
  return code === SQLSTATE.syntaxError && /^[^"]*"[eE]?'/.test(message) ? NAME_HINT : undefined;
}

/** What more can be done than the limit allows is the statement's matter; a crowd of answers passes by itself. */
function limitError(endpointId: string, cause: unknown): EdenError | null {
  if (cause instanceof AnswersCrowded) {
    return new EdenError('SERVICE_UNAVAILABLE', { endpoint_id: endpointId, details: cause.message }, { cause });
  }
  if (!(cause instanceof ResultTooLarge)) return null;
  const { name, max } = cause.limit;
  return new EdenError(
    'RESULT_TOO_LARGE',
    { endpoint_id: endpointId, limit: name, max, details: cause.message },
    { cause },
  );
}
