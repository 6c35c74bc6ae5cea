/**
 * Every error that leaves the service, once: its code, the sentence that clients read (contract section 2),
 * and whether trying the same again later may help.
 */
export const ERRORS = {
  VALIDATION_FAILED: { sentence: 'Validation failed', retryable: false },
  REQUIRED_FIELD_MISSING: { sentence: 'Missing required field', retryable: false },
  REQUIRED_PARAMETER_MISSING: { sentence: 'Required parameter missing', retryable: false },
  AUTHENTICATION_REQUIRED: { sentence: 'Authentication required', retryable: false },
  INSUFFICIENT_PERMISSIONS: { sentence: 'Insufficient permissions', retryable: false },
  ROUTE_NOT_FOUND: { sentence: 'Route not found', retryable: false },
  METHOD_NOT_ALLOWED: { sentence: 'Method not allowed', retryable: false },
  USER_NOT_FOUND: { sentence: 'User not found', retryable: false },
  REVOCATION_NOT_FOUND: { sentence: 'Revocation not found', retryable: false },
  ROBOT_NOT_FOUND: { sentence: 'Robot not found', retryable: false },
  GRANT_NOT_FOUND: { sentence: 'Grant not found', retryable: false },
  ENDPOINT_NOT_FOUND: { sentence: 'Endpoint not found', retryable: false },
  TEMPLATE_NOT_FOUND: { sentence: 'Template not found', retryable: false },
  API_NOT_FOUND: { sentence: 'Api not found', retryable: false },
  MIGRATION_NOT_FOUND: { sentence: 'Migration not found', retryable: false },
  RUN_NOT_FOUND: { sentence: 'Run not found', retryable: false },
  SOURCE_NOT_FOUND: { sentence: 'Source not found', retryable: false },
  SOURCE_FILE_NOT_FOUND: { sentence: 'Source file not found', retryable: false },
  HOOK_NOT_FOUND: { sentence: 'Hook not found', retryable: false },
  WEBHOOK_NOT_FOUND: { sentence: 'Webhook not found', retryable: false },
  DELIVERY_NOT_FOUND: { sentence: 'Delivery not found', retryable: false },
  PLAN_NOT_FOUND: { sentence: 'Plan not found', retryable: false },
  ORGANIZATION_EXISTS: { sentence: 'Organization already exists', retryable: false },
  USER_EXISTS: { sentence: 'User already exists', retryable: false },
  ENDPOINT_EXISTS: { sentence: 'Endpoint already exists', retryable: false },
  TEMPLATE_EXISTS: { sentence: 'Template already exists', retryable: false },
  API_EXISTS: { sentence: 'Api already exists', retryable: false },
  MIGRATION_EXISTS: { sentence: 'Migration already exists', retryable: false },
  HOOK_EXISTS: { sentence: 'Hook already exists', retryable: false },
  HOOK_NOT_ALLOWED: { sentence: 'Hook may not do this', retryable: false },
  WEBHOOK_NOT_ALLOWED: { sentence: 'Webhook is not allowed', retryable: false },
  GATE_CLOSED: { sentence: 'Migration will not get there', retryable: false },
  ENDPOINT_NOT_ALLOWED: { sentence: 'Endpoint is not allowed', retryable: false },
  ENDPOINT_IN_USE: { sentence: 'Endpoint is in use', retryable: false },
  TEMPLATE_IN_USE: { sentence: 'Template is in use', retryable: false },
  API_MANAGED: { sentence: 'Api is managed by a source', retryable: false },
  API_IN_USE: { sentence: 'Api is in use', retryable: false },
  LAST_SUPER_ADMIN: { sentence: 'The last SuperAdmin cannot be removed', retryable: false },
  GRANTS_EXCEEDED: { sentence: 'Too many grants', retryable: false },
  API_HAS_MIGRATION: { sentence: 'Api Schema already has an active migration', retryable: false },
  API_NOT_IN_MIGRATION: { sentence: 'Api is not in this migration', retryable: false },
  MIGRATION_STATE: { sentence: 'Migration is in state', retryable: false },
  MIGRATION_NOT_SYNCED: { sentence: 'Migration is not synced', retryable: false },
  MIGRATION_CHANGED: { sentence: 'Migration was changed by somebody else', retryable: true },
  NO_RUN_IN_PROGRESS: { sentence: 'Migration has no run in progress', retryable: false },
  REHEARSAL_REFUSED: { sentence: 'Migration cannot be rehearsed', retryable: false },
  REHEARSAL_FAILED: { sentence: 'Migration rehearsal failed', retryable: false },
  SCHEMA_NOT_KNOWN: { sentence: 'Schema of the last run is not known', retryable: false },
  MIGRATION_AWAITS_APPROVAL: { sentence: 'Migration awaits approval', retryable: false },
  APPROVAL_NOT_WANTED: { sentence: 'Migration wants no approval', retryable: false },
  APPROVER_INVOLVED: { sentence: 'Approval is for somebody else', retryable: false },
  RUN_CANCELLED: { sentence: 'Migration run was cancelled', retryable: false },
  RUN_NOT_CANCELLABLE: { sentence: 'Migration run can no longer be cancelled', retryable: false },
  RUN_NOT_PAUSABLE: { sentence: 'Migration run cannot be paused now', retryable: false },
  RUN_NOT_TUNABLE: { sentence: 'Migration run has no pace to change', retryable: false },
  RUN_IN_PROGRESS: { sentence: 'Migration run in progress', retryable: true },
  PLAN_OUT_OF_DATE: { sentence: 'Migration plan is out of date', retryable: false },
  SOURCE_REFUSED: { sentence: 'Source cannot be applied', retryable: false },
  SOURCE_CHANGED: { sentence: 'Source has changed in its database', retryable: false },
  ATOMICITY_REFUSED: { sentence: 'Atomicity "strict" cannot be kept', retryable: false },
  ROLLBACK_REFUSED: { sentence: 'Migration cannot be rolled back', retryable: false },
  TEMPLATE_NOT_RENDERED: { sentence: 'Template could not be rendered', retryable: false },
  RESULT_TOO_LARGE: { sentence: 'Result too large', retryable: false },
  TEMPLATE_EXECUTION_FAILED: { sentence: 'Template execution failed', retryable: false },
  EXPECTATION_FAILED: { sentence: 'Template expectation not met', retryable: false },
  IDEMPOTENCY_KEY_IN_USE: { sentence: 'A request with this Idempotency-Key is still running', retryable: true },
  IDEMPOTENCY_KEY_REUSED: { sentence: 'Idempotency-Key was used with another body', retryable: false },
  TARGET_RIGHTS_MISSING: { sentence: 'Rights are missing on the target', retryable: false },
  PAYLOAD_TOO_LARGE: { sentence: 'Payload too large', retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { sentence: 'Unsupported media type', retryable: false },
  RATE_LIMITED: { sentence: 'Too many requests', retryable: true },
  LOCK_TIMEOUT: { sentence: 'Migration lock acquisition timeout', retryable: true },
  MIGRATION_EXECUTION_FAILED: { sentence: 'Migration execution failed', retryable: false },
  RUN_NOT_IN_DOUBT: { sentence: 'Migration run is not in doubt', retryable: false },
  STEP_AFTER_COMMIT_FAILED: { sentence: 'A step after the commit keeps failing', retryable: false },
  STEP_COMPENSATION_FAILED: { sentence: 'A step could not be taken back', retryable: false },
  RUN_IN_DOUBT: { sentence: 'Migration run is in doubt', retryable: false },
  FENCED: { sentence: 'Fenced by a newer run', retryable: false },
  INTERNAL: { sentence: 'Internal server error', retryable: false },
  ENDPOINT_UNAVAILABLE: { sentence: 'Endpoint unavailable', retryable: true },
  SERVICE_UNAVAILABLE: { sentence: 'Service unavailable', retryable: true },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** What stands beside the sentence in an error body: the guide's keys, in wire spelling. Never a secret. */
export type ErrorContext = Readonly<Record<string, unknown>>;

export interface EdenErrorOptions {
  readonly sentence?: string;
  readonly cause?: unknown;
  /** Where whoever throws knows better than the code. */
  readonly retryable?: boolean;
}

/**
 * The one error class of the service. `code` decides the HTTP status (gateway) and the job's outcome (worker);
 * `context` goes to the client as it is, `cause` never does.
 */
export class EdenError extends Error {
  override readonly name = 'EdenError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;
  /** Whether trying the same again later may help. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, context: ErrorContext = {}, options: EdenErrorOptions = {}) {
    super(options.sentence ?? ERRORS[code].sentence, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.context = context;
    this.retryable = options.retryable ?? ERRORS[code].retryable;
  }
}

export function isEdenError(error: unknown, code?: ErrorCode): error is EdenError {
  return error instanceof EdenError && (code === undefined || error.code === code);
}

/** One finding of a validation: `path` as in `bindings[0].template`, `message` for people. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

export function validationError(issues: readonly Issue[]): EdenError {
  return new EdenError('VALIDATION_FAILED', { issues });
}

/** An error as it is stored on a run and sent again later: code, sentence and context, nothing else. */
export interface StoredError {
  readonly code: ErrorCode;
  readonly error: string;
  readonly context: ErrorContext;
}

export function toStoredError(error: unknown): StoredError {
  if (!(error instanceof EdenError)) return { code: 'INTERNAL', error: ERRORS.INTERNAL.sentence, context: {} };
  return withStorableTexts({ code: error.code, error: error.message, context: error.context });
}

/** A context may quote anybody, and PostgreSQL takes neither NUL nor half a character. */
function withStorableTexts(stored: StoredError): StoredError {
  return JSON.parse(JSON.stringify(stored), (_name, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\uFFFD').replace(/\p{Surrogate}/gu, '\uFFFD') : value,
  ) as StoredError;
}

export function fromStoredError(stored: StoredError): EdenError {
  return new EdenError(stored.code, stored.context, { sentence: stored.error });
}
