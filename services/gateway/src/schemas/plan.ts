import { ATOMICITY_CLASSES } from '@eden/domain';
import { z } from 'zod';
import { timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';

export const atomicityLevelSchema = z.enum(['atomic', 'compensated', 'best effort']);

const findingSchema = z.object({ rule: z.string(), severity: z.enum(['warning', 'danger']), message: z.string() });

/** What a binding of a source names instead of a template. */
export const fileShape = {
  source: z.string().optional().describe('Id of the source'),
  file: z.string().optional(),
  version: z.string().optional(),
  sha256: z.string().optional().describe('Hex, of the bytes of the file'),
};

const plannedBindingSchema = z
  .object({
    template: uuidSchema.nullable().describe('Null for a file of a source'),
    template_id: z.string().nullable(),
    ...fileShape,
    endpoint: uuidSchema,
    endpoint_id: z.string(),
    statements: z.array(z.string()),
    fields: jsonObjectSchema,
    class: z.enum(ATOMICITY_CLASSES),
    findings: z.array(findingSchema),
    estimated_rows: z.number().nullable(),
  })
  .meta({ id: 'PlannedBinding' });

const plannedApiSchema = z
  .object({ api: uuidSchema, api_id: z.string(), stage: z.int(), bindings: z.array(plannedBindingSchema) })
  .meta({ id: 'PlannedApi' });

const plannedDatabaseSchema = z
  .object({
    key: z.string().describe('Opaque; equal for endpoints that reach one database'),
    database: z.string(),
    endpoint: uuidSchema,
    role: z.string(),
    server_version: z.string(),
    schema_fingerprint: z.string(),
    last_resource: z
      .boolean()
      .describe('Is not prepared, as it cannot be or is the only one: commits by itself once all others are prepared'),
    reason: z.string().optional().describe('Why it is the last resource'),
    findings: z.array(findingSchema).describe('What may cut a run short there, or make it wait'),
  })
  .meta({ id: 'PlannedDatabase' });

export const planSchema = z
  .object({
    hash: z.string(),
    current: z.boolean().describe('False when the migration has changed since: sync again'),
    atomicity: atomicityLevelSchema,
    apis: z.array(plannedApiSchema),
    databases: z.array(plannedDatabaseSchema),
    created_at: timeSchema,
  })
  .meta({ id: 'Plan' });
