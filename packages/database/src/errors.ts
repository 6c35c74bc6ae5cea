import { EdenError, isEdenError, WAIT_FOR_RUN, type ErrorCode, type ErrorContext } from '@eden/domain';
import { Prisma } from './generated/client.js';
import { isMissingModel, notFound, type MissingModel } from './not-found.js';

/*
 * What Prisma and the driver throw → what the ports promise. The only file that knows their shapes.
 */

type Violation =
  | { readonly code: ErrorCode; readonly context?: ErrorContext }
  /** A foreign key: what it refers to is not there, or could not be deleted because of it. */
  | { readonly missing: MissingModel; readonly onDelete?: ErrorCode };

/** The guide's words. */
const API_TAKEN: Violation = {
  code: 'API_HAS_MIGRATION',
  context: { details: 'Each API can only participate in one migration at a time' },
};

const TEMPLATE_REFERENCE: Violation = { missing: 'Template', onDelete: 'TEMPLATE_IN_USE' };

/** Constraint of the control schema → the error of whoever breaks it. */
const VIOLATIONS: Readonly<Record<string, Violation>> = {
  organizations_id_key: taken('ORGANIZATION_EXISTS', 'Take another id'),
  users_organization_uuid_username_key: taken('USER_EXISTS', 'Take another name: users and robots share theirs'),
  resource_grants_organization_uuid_user_uuid_fkey: { missing: 'User' },
  endpoints_organization_uuid_id_key: taken(
    'ENDPOINT_EXISTS',
    'Take another id, or change the endpoint that has it (PATCH)',
  ),
  templates_organization_uuid_id_key: taken(
    'TEMPLATE_EXISTS',
    'Take another id, or change the template that has it (PATCH)',
  ),
  apis_organization_uuid_id_key: taken('API_EXISTS', 'Take another id, or change the API that has it (PATCH)'),
  hooks_organization_uuid_id_key: taken('HOOK_EXISTS', 'Take another id, or delete the hook that has it'),
  webhook_deliveries_organization_uuid_webhook_uuid_fkey: { missing: 'Webhook' },
  hook_calls_organization_uuid_hook_uuid_fkey: { missing: 'Hook' },
  migrations_live_id_key: taken('MIGRATION_EXISTS', 'Take another id, or go on with the migration that has it'),
  memberships_active_api_key: API_TAKEN,
  memberships_migration_uuid_api_uuid_key: API_TAKEN,
  runs_migration_uuid_slot_key: taken('RUN_IN_PROGRESS', WAIT_FOR_RUN),
  templates_organization_uuid_endpoint_uuid_fkey: { missing: 'Endpoint', onDelete: 'ENDPOINT_IN_USE' },
  api_bindings_organization_uuid_template_uuid_fkey: TEMPLATE_REFERENCE,
  membership_bindings_organization_uuid_template_uuid_fkey: TEMPLATE_REFERENCE,
  memberships_organization_uuid_api_uuid_fkey: { missing: 'Api' },
  memberships_organization_uuid_migration_uuid_fkey: { missing: 'Migration' },
  migration_sources_organization_uuid_endpoint_uuid_fkey: { missing: 'Endpoint', onDelete: 'ENDPOINT_IN_USE' },
  migration_sources_organization_uuid_migration_uuid_fkey: { missing: 'Migration' },
  migration_sources_migration_uuid_id_key: taken('MIGRATION_CHANGED', 'Look at its sources and try again'),
  runs_organization_uuid_migration_uuid_fkey: { missing: 'Migration' },
};

/** Somebody else has been first: what to do instead. */
function taken(code: ErrorCode, suggestion: string): Violation {
  return { code, context: { suggestion } };
}

const RECORD_NOT_FOUND = 'P2025';
/** "Transaction API error": not begun in time, or expired. */
const TRANSACTION_ERROR = 'P2028';

const CONNECTION_KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TlsConnectionError',
  'TooManyConnections',
  'TransactionWriteConflict',
]);

/**
 * SQLSTATEs of a database that cannot serve now: connection (08), serialization and deadlock (40), resources (53),
 * shutdown, crash and start (57P), statement timeout (57014), lock timeout (55P03), idle in transaction (25P03),
 * read-only standby after a failover (25006).
 */
const UNAVAILABLE_STATE = /^(08...|40...|53...|57P..|57014|55P03|25P03|25006)$/;

/** The driver's own words; it gives them no code. */
const UNAVAILABLE_MESSAGE =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Cannot use a pool after calling end)/;

const UNAVAILABLE_SOCKET = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  // Name services fail over as well.
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** As Prisma keeps what its driver adapter threw. */
interface DriverCause {
  readonly kind?: string;
  readonly originalCode?: string;
  readonly constraint?: { readonly index?: string };
}

function driverCause(error: unknown): DriverCause | undefined {
  const { meta, cause } = error as { meta?: { driverAdapterError?: { cause?: DriverCause } }; cause?: DriverCause };
  return meta?.driverAdapterError?.cause ?? cause;
}

/** The driver itself says it in a field of its own. */
function constraintOf(error: unknown): string {
  const { constraint } = error as { constraint?: unknown };
  return driverCause(error)?.constraint?.index ?? (typeof constraint === 'string' ? constraint : '');
}

function isUnavailable(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const { kind = '', originalCode = code } = driverCause(error) ?? {};
  return (
    code === TRANSACTION_ERROR ||
    CONNECTION_KINDS.has(kind) ||
    // Of the driver alone it is the error's own code.
    UNAVAILABLE_STATE.test(originalCode) ||
    UNAVAILABLE_SOCKET.has(code) ||
    UNAVAILABLE_MESSAGE.test(message)
  );
}

/** A pooler's answer to session settings; PostgreSQL has none. */
const POOLER_MESSAGE = /unsupported startup parameter/;

function unavailable(cause: unknown): EdenError {
  const isPooler = POOLER_MESSAGE.test((cause as Error).message);
  const details = isPooler
    ? 'DATABASE_URL leads to a pooler that takes no session settings: set DATABASE_DIRECT_URL'
    : 'The control database does not answer';
  return new EdenError('SERVICE_UNAVAILABLE', { details }, { cause });
}

/** What a query was about, as Prisma names it; null for raw queries and for BEGIN and COMMIT. */
export interface Operation {
  readonly model: string | undefined;
  readonly operation: string;
  readonly args: unknown;
}

/** The error to throw instead; the same one when it is neither ours nor the weather's. */
export function translateError(error: unknown, about: Operation | null): unknown {
  if (isEdenError(error)) return error;
  const violation = VIOLATIONS[constraintOf(error)];
  if (violation !== undefined) return violationError(violation, about, error);
  if (isUnavailable(error)) return unavailable(error);
  if (isRecordNotFound(error)) return missingError(about, error);
  return error;
}

/** A row that a change needed is gone: deleted by somebody else meanwhile. */
function missingError(about: Operation | null, cause: unknown): unknown {
  if (!isMissingModel(about?.model)) return cause;
  const { where } = about?.args as { where?: { uuid?: string } };
  return notFound(about.model, where?.uuid, cause);
}

function violationError(violation: Violation, about: Operation | null, cause: unknown): EdenError {
  if ('code' in violation) return new EdenError(violation.code, violation.context, { cause });
  const isDelete = about?.operation.startsWith('delete') === true;
  if (isDelete && violation.onDelete !== undefined) return new EdenError(violation.onDelete, {}, { cause });
  return notFound(violation.missing, undefined, cause);
}

function isRecordNotFound(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === RECORD_NOT_FOUND;
}
