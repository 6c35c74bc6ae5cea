import { ATOMICITY_CLASSES, RUN_KINDS, STEP_STATES } from '@eden/domain';
import { z } from 'zod';
import { timeSchema, uuidSchema } from './identifiers.js';
import { fileShape } from './plan.js';

/** What clients see of a run's state; the protocol's finer states stay inside. */
export const WIRE_RUN_STATES = [
  'queued',
  'waiting_for_lock',
  'running',
  'prepared',
  'committing',
  'succeeded',
  'failed',
  'aborting',
  'cancelled',
  'in_doubt',
] as const;

const storedErrorSchema = z.looseObject({ error: z.string(), code: z.string() }).meta({ id: 'StoredError' });

function progressSchema(unit: 'bindings' | 'rows') {
  return z.object({ done: z.number(), estimated: z.number().nullable(), unit: z.literal(unit) });
}

const runBindingSchema = z
  .object({
    template: uuidSchema.nullable().describe('Null for a file of a source'),
    template_id: z.string().nullable(),
    ...fileShape,
    state: z.enum(STEP_STATES),
    attempts: z.int(),
    rows: z.int(),
    progress: progressSchema('rows'),
    started_at: timeSchema.nullable(),
    finished_at: timeSchema.nullable(),
    execution_time_ms: z.number(),
    error: storedErrorSchema.optional(),
  })
  .meta({ id: 'RunBinding' });

const runApiSchema = z
  .object({
    api: uuidSchema,
    api_id: z.string(),
    stage: z.int(),
    state: z.enum(STEP_STATES),
    class: z.enum(ATOMICITY_CLASSES),
    bindings: z.array(runBindingSchema),
  })
  .meta({ id: 'RunApi' });

export const runSummarySchema = z
  .object({
    uuid: uuidSchema,
    migration: uuidSchema,
    migration_id: z.string(),
    kind: z.enum(RUN_KINDS),
    state: z.enum(WIRE_RUN_STATES),
    epoch: z.int(),
    actor: z.string(),
    attempt: z.int(),
    created_at: timeSchema,
    started_at: timeSchema.nullable(),
    finished_at: timeSchema.nullable(),
    lock_wait_ms: z.number().nullable(),
    parallel_execution_ms: z.number().nullable(),
    error: storedErrorSchema.optional(),
    reason: z.string().optional().describe('Why it waits, was queued again, or is or was undone'),
    cancelled_by: z.string().optional(),
  })
  .meta({ id: 'RunSummary' });

export const runSchema = runSummarySchema
  .extend({ progress: progressSchema('bindings'), apis: z.array(runApiSchema) })
  .meta({ id: 'Run' });

export const acceptedRunSchema = z.object({ run: uuidSchema }).meta({ id: 'AcceptedRun' });

/** Of the column that counts the events of a run. */
const LARGEST_SEQUENCE = 2_147_483_647;

export const runEventsQuerySchema = z.object({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(LARGEST_SEQUENCE)
    .default(0)
    .describe('Only events behind this sequence number'),
});
