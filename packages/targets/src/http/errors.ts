import { types } from 'node:util';
import { EdenError, NothingDone, type ErrorContext } from '@eden/domain';
import { AnswersCrowded, isRefusal, ResultTooLarge } from '../guard-errors.js';
import { NETWORK_REASONS } from '../network-reasons.js';
import { notAllowed } from '../reach/reach.js';
import { RefusedError } from '../reach/refused-error.js';
import { NotConnected } from './exchange.js';

/** Short words for the reasons a client may see; Node's own text may hold addresses that are none of its business. */
const REASONS: Readonly<Record<string, string>> = {
  ...NETWORK_REASONS,
  HPE_HEADER_OVERFLOW: 'answered with a head that is too large',
};
const CERTIFICATE = /certificate|self.signed|altname/i;
const NO_HTTP = /^HPE_/;

/** Nobody expects an answer any more: the request's time is over. */
export class AnswerTimeout extends Error {
  override readonly name = 'AnswerTimeout';

  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/** What an exchange that has failed becomes. Where nothing has left this process it is NothingDone. */
export function exchangeError(endpointId: string, error: unknown, isUncertain: boolean): EdenError {
  if (error instanceof EdenError) return error;
  if (error instanceof NotConnected) {
    const known = error.cause instanceof RefusedError ? notAllowed(error.cause.refusal, endpointId) : error.cause;
    const cause = known instanceof EdenError ? known : unavailable(endpointId, known, 'connection failed');
    return isUncertain ? cause : nothingDone(cause);
  }
  return limitError(endpointId, error) ?? unavailable(endpointId, error, 'connection lost before the answer');
}

function unavailable(endpointId: string, cause: unknown, otherwise: string): EdenError {
  const details = reasonOf(cause) ?? otherwise;
  return new EdenError('ENDPOINT_UNAVAILABLE', { endpoint_id: endpointId, details }, { cause });
}

export function nothingDone({ code, context, cause, retryable }: EdenError): NothingDone {
  return new NothingDone(code, context, { ...(cause === undefined ? {} : { cause }), retryable });
}

function reasonOf(error: unknown): string | null {
  if (error instanceof AnswerTimeout || isRefusal(error)) return error.message;
  if (!types.isNativeError(error)) return null;
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') {
    const known = REASONS[code] ?? (NO_HTTP.test(code) ? 'answered what is no HTTP' : undefined);
    if (known !== undefined) return known;
  }
  return CERTIFICATE.test(`${String(code)} ${error.message}`) ? 'certificate not accepted' : null;
}

function limitError(endpointId: string, cause: unknown): EdenError | null {
  if (cause instanceof AnswersCrowded) {
    return new EdenError('SERVICE_UNAVAILABLE', { endpoint_id: endpointId, details: cause.message }, { cause });
  }
  if (!(cause instanceof ResultTooLarge)) return null;
  const { name, max } = cause.limit;
  const context: ErrorContext = { endpoint_id: endpointId, limit: name, max, details: cause.message };
  return new EdenError('RESULT_TOO_LARGE', context, { cause });
}
