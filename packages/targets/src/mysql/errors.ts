import { types } from 'node:util';
import { EdenError, type ErrorContext } from '@eden/domain';
import { notAllowed } from '../reach/reach.js';
import { RefusedError } from '../reach/refused-error.js';
import { NETWORK_REASONS } from '../network-reasons.js';
import { AnswersCrowded, isRefusal, ResultTooLarge } from './guard/guard-errors.js';
import { placeOf } from './place.js';

/** What we tell apart among MariaDB's error numbers. */
export const ERROR = {
  accessDeniedToTable: 1142,
  accessDeniedToColumn: 1143,
  accessDenied: 1044,
  specificAccessDenied: 1227,
  noSuchTable: 1146,
  noSuchThread: 1094,
  duplicateKey: 1062,
  lockWaitTimeout: 1205,
  deadlock: 1213,
  readOnlyServer: 1290,
  tableExists: 1050,
  unknownTable: 1051,
  duplicateColumn: 1060,
  duplicateKeyName: 1061,
  cannotDrop: 1091,
  routineExists: 1304,
  /** Also a routine. */
  noSuchSavepoint: 1305,
  triggerExists: 1359,
  noSuchTrigger: 1360,
  eventExists: 1537,
  noSuchEvent: 1539,
  unknownSequence: 4091,
  unknownView: 4092,
  unknownXid: 1397,
  statementTimeout: 1969,
} as const;

/** An answer of the server that says what is wrong. */
interface ServerError extends Error {
  readonly errno: number;
  readonly sqlState: string;
  readonly sqlMessage: string;
}

/** The session is gone or was never there: nothing was wrong with the statement. */
const SESSION_LOST: ReadonlySet<number> = new Set([
  1040, 1042, 1043, 1045, 1049, 1053, 1129, 1130, 1152, 1158, 1159, 1160, 1161, 1203, 1226, 1317, 1927, 4031,
]);

/** Short words for the reasons a client may see; the server's own text may hold names that are none of its business. */
const REASONS: Readonly<Record<string, string>> = {
  ...NETWORK_REASONS,
  PROTOCOL_CONNECTION_LOST: 'connection lost',
  HANDSHAKE_NO_SSL_SUPPORT: 'server does not support TLS',
  HANDSHAKE_SSL_ERROR: 'certificate not accepted',
};
const REASONS_BY_NUMBER: Readonly<Record<number, string>> = {
  1040: 'too many connections',
  1044: 'authentication failed',
  1045: 'authentication failed',
  1049: 'database does not exist',
  1053: 'server is shutting down or ended the session',
  1129: 'server has blocked this host after too many errors',
  1130: 'server does not let this host in',
  1203: 'too many connections',
  1226: 'too many connections',
  1317: 'server ended the session',
  1927: 'server ended the session',
};
const CERTIFICATE = /certificate|self.signed|altname/i;

export function isServerError(error: unknown): error is ServerError {
  return types.isNativeError(error) && typeof (error as Partial<ServerError>).errno === 'number' && 'sqlState' in error;
}

/** True for a server's error with one of the numbers. */
export function hasErrno(error: unknown, ...numbers: readonly number[]): boolean {
  return isServerError(error) && numbers.includes(error.errno);
}

/** True when the session died or could not be had; false for what the server says about a statement. */
export function isSessionLost(error: unknown): boolean {
  if (error instanceof EdenError) return error.cause !== undefined && isSessionLost(error.cause);
  if (isServerError(error)) return SESSION_LOST.has(error.errno);
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
  if (isRefusal(error)) return error.message;
  if (!types.isNativeError(error)) return 'connection failed';
  if (isServerError(error)) return REASONS_BY_NUMBER[error.errno] ?? `server answered ${error.errno}`;
  const code = (error as { code?: unknown }).code;
  const known = typeof code === 'string' ? REASONS[code] : undefined;
  return known ?? (CERTIFICATE.test(error.message) ? 'certificate not accepted' : 'connection lost');
}

/** Already there, or no longer there. */
export function isSoAlready(error: unknown): boolean {
  return hasErrno(
    error,
    ERROR.tableExists,
    ERROR.unknownTable,
    ERROR.noSuchTable,
    ERROR.duplicateColumn,
    ERROR.duplicateKeyName,
    ERROR.cannotDrop,
    ERROR.routineExists,
    ERROR.noSuchSavepoint,
    ERROR.triggerExists,
    ERROR.noSuchTrigger,
    ERROR.eventExists,
    ERROR.noSuchEvent,
    ERROR.unknownSequence,
    ERROR.unknownView,
  );
}

/** What a lock that somebody else has does to a statement; the same may pass later. */
export function isLockFailure(error: unknown): boolean {
  return hasErrno(error, ERROR.lockWaitTimeout, ERROR.deadlock);
}

/**
 * What a failed statement becomes: ENDPOINT_UNAVAILABLE when the session is gone, else TEMPLATE_EXECUTION_FAILED with
 * the server's words, retryable when all it met was somebody else's lock. An EdenError stays itself.
 */
export function statementError(endpointId: string, cause: unknown, more: ErrorContext = {}): EdenError {
  if (cause instanceof EdenError) return cause;
  const overLimit = limitError(endpointId, cause);
  if (overLimit !== null) return overLimit;
  if (isSessionLost(cause)) return endpointUnavailable(endpointId, cause);
  if (!isServerError(cause)) return new EdenError('INTERNAL', {}, { cause });
  const { sqlState: sqlstate, sqlMessage: message, errno } = cause;
  const context = { endpoint_id: endpointId, sqlstate, errno, message, ...placeOf(cause), ...more };
  return new EdenError('TEMPLATE_EXECUTION_FAILED', context, { cause, retryable: isLockFailure(cause) });
}

/** What more can be done than the limit allows is the statement's matter; a crowd of answers passes by itself. */
function limitError(endpointId: string, cause: unknown): EdenError | null {
  if (cause instanceof AnswersCrowded) {
    return new EdenError('SERVICE_UNAVAILABLE', { endpoint_id: endpointId, details: cause.message }, { cause });
  }
  if (!(cause instanceof ResultTooLarge)) return null;
  const { name, max } = cause.limit;
  const context = { endpoint_id: endpointId, limit: name, max, details: cause.message };
  return new EdenError('RESULT_TOO_LARGE', context, { cause });
}
