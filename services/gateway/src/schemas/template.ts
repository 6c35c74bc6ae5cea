import { HTTP_METHODS, TEMPLATE_KINDS } from '@eden/domain';
import { z } from 'zod';
import { TEMPLATE_ACTIONS } from '../views/actions.js';
import { endpointKindSchema } from './endpoint.js';
import { descriptionSchema, idSchema, refSchema, timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema, jsonValueSchema } from './json.js';

const MOST_OPERATIONS = 100;
const MOST_RETRIES = 20;
const ONE_DAY_MS = 86_400_000;

const batchSchema = z
  .strictObject({
    size: z.union([z.int().min(1), z.string().min(1)]),
    start: z.union([z.number(), z.string()]).optional(),
    commit: z.enum(['together', 'each']).optional(),
  })
  .meta({ id: 'Batch' });

const sqlOperationSchema = z
  .strictObject({
    syntax: z.literal('sql').optional(),
    query: z.string().min(1),
    params: z.array(jsonValueSchema).optional(),
    batch: batchSchema.optional(),
  })
  .meta({ id: 'SqlOperation' });

const transactionBodySchema = z
  .strictObject({ operations: z.array(sqlOperationSchema).min(1).max(MOST_OPERATIONS) })
  .meta({ id: 'Transaction' });

const httpOperationSchema = z
  .strictObject({
    method: z.enum(HTTP_METHODS),
    path: z.string().min(1).describe('Behind the base_url of the endpoint, with the query'),
    headers: z.record(z.string(), z.string()).optional(),
    body: jsonValueSchema.optional().describe('JSON whose texts hold placeholders, or JSON text'),
  })
  .meta({ id: 'HttpOperation' });

const templateBodySchema = z.union([sqlOperationSchema, transactionBodySchema, httpOperationSchema]);

const expectationSchema = z.union([
  z.strictObject({ value: jsonValueSchema }),
  z.strictObject({ row_count: z.int().min(0) }),
  z.strictObject({ no_rows: z.literal(true) }),
]);

const durationSchema = z.int().min(1).max(ONE_DAY_MS);

/** The settings of a template; absent means that there is none. */
export const settingsShape = {
  defaults: jsonObjectSchema.optional(),
  rollback: templateBodySchema.optional(),
  outputs: z.record(z.string(), z.string()).optional(),
  expect: expectationSchema.optional(),
  batch: batchSchema.optional(),
  timeout_ms: durationSchema.optional(),
  lock_timeout_ms: durationSchema.optional(),
  retries: z.int().min(0).max(MOST_RETRIES).optional(),
  transactional: z.boolean().optional(),
};

/** The same settings in a change, where null takes one away. */
const settingsChangesShape = {
  defaults: settingsShape.defaults.nullable(),
  rollback: settingsShape.rollback.nullable(),
  outputs: settingsShape.outputs.nullable(),
  expect: settingsShape.expect.nullable(),
  batch: settingsShape.batch.nullable(),
  timeout_ms: settingsShape.timeout_ms.nullable(),
  lock_timeout_ms: settingsShape.lock_timeout_ms.nullable(),
  retries: settingsShape.retries.nullable(),
  transactional: settingsShape.transactional.nullable(),
};

const targetShape = { endpoint: refSchema.optional(), endpoint_uuid: uuidSchema.optional() };

/** Of a template that is only looked at, which needs no endpoint. */
export const unsavedCoreSchema = z.strictObject({
  ...targetShape,
  endpoint_kind: endpointKindSchema.optional(),
  kind: z.enum(TEMPLATE_KINDS),
  template: templateBodySchema,
});

const templateCoreSchema = unsavedCoreSchema.transform(({ endpoint: id, endpoint_uuid: uuid, ...core }, context) => {
  const endpoint = id ?? uuid;
  if (endpoint !== undefined && (id === undefined || uuid === undefined)) return { ...core, endpoint };
  context.issues.push({
    code: 'custom',
    input: endpoint,
    path: ['endpoint_uuid'],
    message: 'Exactly one of endpoint and endpoint_uuid is required',
  });
  return z.NEVER;
});

export const newTemplateSchema = z
  .strictObject({
    id: idSchema,
    description: descriptionSchema.optional(),
    template: templateCoreSchema,
    ...settingsShape,
  })
  .meta({ id: 'NewTemplate' });

export const templateChangesSchema = z
  .strictObject({
    description: descriptionSchema.nullable().optional(),
    template: z
      .strictObject({
        ...targetShape,
        endpoint_kind: endpointKindSchema.optional(),
        kind: z.enum(TEMPLATE_KINDS).optional(),
        template: templateBodySchema.optional(),
      })
      .optional(),
    ...settingsChangesShape,
  })
  .meta({ id: 'TemplateChanges' });

export const templateSchema = z
  .object({
    id: z.string(),
    uuid: uuidSchema,
    description: z.string().nullable(),
    template: z.object({
      endpoint_uuid: uuidSchema,
      endpoint_kind: endpointKindSchema,
      kind: z.enum(TEMPLATE_KINDS),
      template: templateBodySchema,
    }),
    ...settingsShape,
    actions: z
      .array(z.enum(TEMPLATE_ACTIONS))
      .describe('What the caller may do with it; execute_writes: also run what does not only read'),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Template' });

export const templateResultSchema = z
  .object({ rows: z.array(jsonObjectSchema), row_count: z.int(), execution_time_ms: z.number() })
  .meta({ id: 'TemplateResult' });

export const renderedTemplateSchema = z
  .object({ statements: z.array(z.object({ query: z.string(), params: z.array(jsonValueSchema) })) })
  .meta({ id: 'RenderedTemplate' });
