import type { ErrorCode } from '@eden/domain';
import { EdenError, validationError } from '@eden/domain';
import type { ErrorRequestHandler } from 'express';
import type { ErrorAnswer } from './http/answer.js';
import { notJson } from './http/body.js';
import type { RequestScope } from './http/http-request.js';
import { scopeOf } from './http/http-request.js';
import { sendJson } from './http/send.js';

/** The only place that knows which error has which HTTP status (contract section 2). */
export const STATUS_OF: Readonly<Record<ErrorCode, number>> = {
  VALIDATION_FAILED: 400,
  REQUIRED_FIELD_MISSING: 400,
  REQUIRED_PARAMETER_MISSING: 400,
  AUTHENTICATION_REQUIRED: 401,
  INSUFFICIENT_PERMISSIONS: 403,
  HOOK_NOT_ALLOWED: 403,
  APPROVER_INVOLVED: 403,
  ROUTE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  USER_NOT_FOUND: 404,
  REVOCATION_NOT_FOUND: 404,
  ROBOT_NOT_FOUND: 404,
  GRANT_NOT_FOUND: 404,
  ENDPOINT_NOT_FOUND: 404,
  TEMPLATE_NOT_FOUND: 404,
  API_NOT_FOUND: 404,
  MIGRATION_NOT_FOUND: 404,
  RUN_NOT_FOUND: 404,
  SOURCE_NOT_FOUND: 404,
  SOURCE_FILE_NOT_FOUND: 404,
  HOOK_NOT_FOUND: 404,
  WEBHOOK_NOT_FOUND: 404,
  DELIVERY_NOT_FOUND: 404,
  PLAN_NOT_FOUND: 404,
  ORGANIZATION_EXISTS: 409,
  USER_EXISTS: 409,
  ENDPOINT_EXISTS: 409,
  TEMPLATE_EXISTS: 409,
  API_EXISTS: 409,
  MIGRATION_EXISTS: 409,
  HOOK_EXISTS: 409,
  GATE_CLOSED: 409,
  ENDPOINT_IN_USE: 409,
  TEMPLATE_IN_USE: 409,
  API_MANAGED: 409,
  API_IN_USE: 409,
  LAST_SUPER_ADMIN: 409,
  GRANTS_EXCEEDED: 409,
  API_HAS_MIGRATION: 409,
  API_NOT_IN_MIGRATION: 404,
  MIGRATION_STATE: 409,
  MIGRATION_NOT_SYNCED: 409,
  MIGRATION_CHANGED: 409,
  MIGRATION_AWAITS_APPROVAL: 409,
  SCHEMA_NOT_KNOWN: 409,
  APPROVAL_NOT_WANTED: 409,
  NO_RUN_IN_PROGRESS: 409,
  RUN_CANCELLED: 409,
  RUN_NOT_CANCELLABLE: 409,
  RUN_NOT_PAUSABLE: 409,
  RUN_NOT_TUNABLE: 409,
  RUN_IN_PROGRESS: 409,
  PLAN_OUT_OF_DATE: 409,
  IDEMPOTENCY_KEY_IN_USE: 409,
  RUN_NOT_IN_DOUBT: 409,
  STEP_AFTER_COMMIT_FAILED: 409,
  STEP_COMPENSATION_FAILED: 409,
  RUN_IN_DOUBT: 409,
  FENCED: 409,
  SOURCE_CHANGED: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  SOURCE_REFUSED: 422,
  ATOMICITY_REFUSED: 422,
  REHEARSAL_REFUSED: 422,
  REHEARSAL_FAILED: 422,
  ROLLBACK_REFUSED: 422,
  TEMPLATE_NOT_RENDERED: 422,
  RESULT_TOO_LARGE: 422,
  TEMPLATE_EXECUTION_FAILED: 422,
  EXPECTATION_FAILED: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  TARGET_RIGHTS_MISSING: 422,
  ENDPOINT_NOT_ALLOWED: 422,
  WEBHOOK_NOT_ALLOWED: 422,
  LOCK_TIMEOUT: 423,
  RATE_LIMITED: 429,
  MIGRATION_EXECUTION_FAILED: 500,
  INTERNAL: 500,
  ENDPOINT_UNAVAILABLE: 503,
  SERVICE_UNAVAILABLE: 503,
};

/** Seconds after which it makes sense to ask again; a context may know better. */
const RETRY_AFTER_SECONDS: Readonly<Partial<Record<ErrorCode, number>>> = {
  LOCK_TIMEOUT: 5,
  RATE_LIMITED: 60,
  ENDPOINT_UNAVAILABLE: 5,
  SERVICE_UNAVAILABLE: 2,
};

function headersOf({ code, context }: EdenError): Readonly<Record<string, string>> {
  const seconds = context['retry_after_seconds'] ?? RETRY_AFTER_SECONDS[code];
  return {
    ...(typeof seconds === 'number' ? { 'Retry-After': String(seconds) } : {}),
    ...(code === 'METHOD_NOT_ALLOWED' && Array.isArray(context['allowed'])
      ? { Allow: context['allowed'].join(', ') }
      : {}),
    ...(code === 'AUTHENTICATION_REQUIRED' ? { 'WWW-Authenticate': 'Bearer realm="eden"' } : {}),
  };
}

/** An error as clients see it: the sentence, the guide's keys, the code and the request's id. */
export function errorAnswer(error: EdenError, requestId: string): ErrorAnswer {
  const sentence = { error: error.message };
  const body = Object.assign({ ...sentence }, error.context, sentence, { code: error.code, request_id: requestId });
  return { status: STATUS_OF[error.code], body, headers: headersOf(error) };
}

interface ParserError {
  readonly status: number;
  readonly type?: unknown;
}

/** Errors of the JSON parser carry a status; what it passes on, as of a broken gzip stream, has no `type`. */
function isParserError(error: unknown): error is ParserError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500;
}

function fromParser({ type }: ParserError): EdenError {
  switch (type) {
    case 'entity.too.large':
      return new EdenError('PAYLOAD_TOO_LARGE', { suggestion: 'Bodies may have at most 1 MiB' });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new EdenError('UNSUPPORTED_MEDIA_TYPE', { suggestion: 'Send application/json in UTF-8' });
    default:
      return notJson();
  }
}

/** Every thrown value as the error that it means to a client. */
export function toEdenError(error: unknown): EdenError {
  if (error instanceof EdenError) return error;
  if (error instanceof URIError) return validationError([{ path: '', message: 'The path is not valid' }]);
  if (isParserError(error)) return fromParser(error);
  return new EdenError('INTERNAL', {}, { cause: error });
}

function report(error: EdenError, { log, route }: RequestScope): void {
  const { code, cause } = error;
  if (code === 'INTERNAL') log.error('request failed', { code, route, error: cause ?? error });
  else if (STATUS_OF[code] >= 500) log.warn('request failed', { code, route, error: cause ?? error.message });
}

/** What a client hears of whatever was thrown, and the log where it is ours to look at. */
export function answerError(thrown: unknown, scope: RequestScope): ErrorAnswer {
  const error = toEdenError(thrown);
  report(error, scope);
  return errorAnswer(error, scope.id);
}

/** The last middleware. */
export const errorHandler: ErrorRequestHandler = (thrown: unknown, _req, res, _next) => {
  const answer = answerError(thrown, scopeOf(res));
  // What has begun, as a stream, cannot become another answer: its client sees that it was cut off.
  if (res.headersSent) res.destroy();
  else sendJson(res, answer);
};
