import { ATOMICITY_CLASSES, STEP_PHASES } from '@eden/domain';
import { z } from 'zod';
import { timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';

export const atomicityLevelSchema = z.enum(['atomic', 'compensated', 'best effort']);

export const findingSchema = z.object({
  rule: z.string(),
  severity: z.enum(['warning', 'danger']),
  message: z.string(),
  line: z.int().optional().describe('Of the text that runs, from 1; the first of several'),
});

export const silencedSchema = findingSchema.extend({ reason: z.string() });

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
    silenced: z
      .array(silencedSchema)
      .optional()
      .describe('Findings that a comment of the text takes out of force, with its reason; absent: none'),
    estimated_rows: z.number().nullable(),
    rehearsed: z
      .object({ rows: z.number(), execution_time_ms: z.number() })
      .optional()
      .describe('What a rehearsal has seen; absent: it was not rehearsed'),
    after: z
      .object({ file: z.string(), type: z.string(), value: z.string() })
      .optional()
      .describe('The file that has to be committed before, as it adds a value to an enum that this one uses'),
    outside: z
      .object({
        phase: z.enum(STEP_PHASES),
        undo: z.string().nullable().describe('What takes it back; null: nothing does'),
      })
      .optional()
      .describe('How it runs outside the transaction; absent: it is part of it'),
  })
  .meta({ id: 'PlannedBinding' });

const plannedApiSchema = z
  .object({
    api: uuidSchema,
    api_id: z.string(),
    stage: z.int(),
    bindings: z.array(plannedBindingSchema),
    baseline: z
      .array(z.string())
      .optional()
      .describe('Of a source: versions that count as applied, and whose rows are written into the history'),
  })
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
    steps: z
      .array(
        z.object({
          api: uuidSchema,
          binding: z.int().describe('Index among the bindings of the API in this plan, from 0'),
          file: z.string().optional().describe('Of a binding of a source'),
        }),
      )
      .describe('What runs there, in its order; what runs outside the transaction stands before or after it'),
  })
  .meta({ id: 'PlannedDatabase' });

const rehearsedDatabaseSchema = z
  .object({
    key: z.string().describe('Of the database'),
    locks: z.array(
      z.object({
        object: z.string().describe('Schema and table'),
        mode: z.string().describe('In the words of its server'),
        step: z.string().describe('Template or file that has taken it'),
        held_ms: z.number().describe('From before that step to the last vote, when the migration would commit'),
      }),
    ),
    wal_bytes: z.number().nullable().describe('Written by its server meanwhile, for whomever; null: it does not tell'),
    vote_ms: z.number().describe('Of PREPARE, where it is prepared'),
  })
  .meta({ id: 'RehearsedDatabase' });

const rehearsalSchema = z
  .object({
    at: timeSchema,
    gates_closed_ms: z.number().describe('For so long executions of the APIs would wait'),
    databases: z.array(rehearsedDatabaseSchema),
  })
  .meta({ id: 'Rehearsal' });

export const planSchema = z
  .object({
    hash: z.string(),
    current: z.boolean().describe('False when the migration has changed since: sync again'),
    atomicity: atomicityLevelSchema,
    apis: z.array(plannedApiSchema),
    databases: z.array(plannedDatabaseSchema),
    later_parts: z
      .array(z.array(plannedBindingSchema))
      .describe('Files that cannot commit together with these: what the next migrations of the same folders run'),
    findings: z.array(findingSchema).optional().describe('Of the plan as a whole; absent: none'),
    rehearsal: rehearsalSchema.optional().describe('Absent: it was not rehearsed'),
    created_at: timeSchema,
  })
  .meta({ id: 'Plan' });

export const driftSchema = z.array(
  z
    .object({
      endpoint: z.string().describe('Id'),
      database: z.string(),
      object: z.string().describe('Kind and name, such as `column public.users.email`'),
      change: z.enum(['added', 'changed', 'removed']),
      before: z.string().nullable(),
      after: z.string().nullable(),
    })
    .meta({ id: 'Drift' }),
);
