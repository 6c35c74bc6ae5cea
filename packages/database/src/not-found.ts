import { EdenError, type ErrorCode } from '@eden/domain';

interface Missing {
  readonly code: ErrorCode;
  /** Under which the answer repeats what was asked for. */
  readonly key: string;
  readonly suggestion?: string;
}

/** By the names of Prisma's models. The words about templates are the guide's. */
const MISSING = {
  Endpoint: missing('ENDPOINT_NOT_FOUND', 'endpoint'),
  Template: missing('TEMPLATE_NOT_FOUND', 'template'),
  Api: missing('API_NOT_FOUND', 'api'),
  Migration: missing('MIGRATION_NOT_FOUND', 'migration'),
  MigrationSource: { code: 'SOURCE_NOT_FOUND', key: 'source_id' },
  Run: { code: 'RUN_NOT_FOUND', key: 'run_uuid' },
  Hook: { code: 'HOOK_NOT_FOUND', key: 'hook_id' },
  Webhook: { code: 'WEBHOOK_NOT_FOUND', key: 'webhook_uuid' },
  WebhookDelivery: { code: 'DELIVERY_NOT_FOUND', key: 'delivery_uuid' },
  User: { code: 'USER_NOT_FOUND', key: 'user_id' },
  RevokedSubject: { code: 'REVOCATION_NOT_FOUND', key: 'revocation' },
  Robot: { code: 'ROBOT_NOT_FOUND', key: 'robot_id' },
} as const satisfies Record<string, Missing>;

export type MissingModel = keyof typeof MISSING;

function missing(code: ErrorCode, noun: string): Missing {
  return { code, key: `${noun}_id`, suggestion: `Verify ${noun} exists in your organization` };
}

export function isMissingModel(model: string | undefined): model is MissingModel {
  return model !== undefined && Object.hasOwn(MISSING, model);
}

export function notFound(model: MissingModel, ref: unknown, cause?: unknown): EdenError {
  const { code, key, suggestion }: Missing = MISSING[model];
  const context = { ...(ref === undefined ? {} : { [key]: ref }), ...(suggestion === undefined ? {} : { suggestion }) };
  return new EdenError(code, context, { cause });
}
