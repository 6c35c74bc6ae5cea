import { EdenError, type ErrorCode } from '@eden/domain';

interface Missing {
  readonly code: ErrorCode;
  /** Under which the answer repeats what was asked for. */
  readonly key: string;
  readonly suggestion: string;
}

/** By the names of Prisma's models. The words about templates are the guide's. */
const MISSING = {
  Endpoint: missing('ENDPOINT_NOT_FOUND', 'endpoint'),
  Template: missing('TEMPLATE_NOT_FOUND', 'template'),
  Api: missing('API_NOT_FOUND', 'api'),
  Migration: missing('MIGRATION_NOT_FOUND', 'migration'),
  MigrationSource: {
    code: 'SOURCE_NOT_FOUND',
    key: 'source_id',
    suggestion: 'Verify source exists in its migration: GET /migrations/{migration}/sources',
  },
  Run: { code: 'RUN_NOT_FOUND', key: 'run_uuid', suggestion: 'Verify run exists in your organization: GET /runs' },
  Hook: missing('HOOK_NOT_FOUND', 'hook', '/iam/hooks'),
  Webhook: {
    code: 'WEBHOOK_NOT_FOUND',
    key: 'webhook_uuid',
    suggestion: 'Verify webhook exists in your organization: GET /iam/webhooks',
  },
  WebhookDelivery: {
    code: 'DELIVERY_NOT_FOUND',
    key: 'delivery_uuid',
    suggestion: 'Verify delivery exists at its webhook: GET /iam/webhooks/{webhook}/deliveries',
  },
  // Grants name robots as well.
  User: missing('USER_NOT_FOUND', 'user', '/iam/users, or /iam/robots'),
  RevokedSubject: {
    code: 'REVOCATION_NOT_FOUND',
    key: 'revocation',
    suggestion: 'Verify revocation exists in your organization: GET /iam/revocations',
  },
  Robot: missing('ROBOT_NOT_FOUND', 'robot', '/iam/robots'),
} as const satisfies Record<string, Missing>;

export type MissingModel = keyof typeof MISSING;

/** @param listedAt The route that tells what is there. */
function missing(code: ErrorCode, noun: string, listedAt?: string): Missing {
  const where = listedAt === undefined ? '' : `: GET ${listedAt}`;
  return { code, key: `${noun}_id`, suggestion: `Verify ${noun} exists in your organization${where}` };
}

export function isMissingModel(model: string | undefined): model is MissingModel {
  return model !== undefined && Object.hasOwn(MISSING, model);
}

export function notFound(model: MissingModel, ref: unknown, cause?: unknown): EdenError {
  const { code, key, suggestion }: Missing = MISSING[model];
  const context = { ...(ref === undefined ? {} : { [key]: ref }), suggestion };
  return new EdenError(code, context, { cause });
}
