import {
  ATOMICITY_CLASSES,
  OUTSIDE_STEP_STATES,
  PHASES,
  RUN_KINDS,
  STEP_PHASES,
  STEP_STATES,
  THROTTLE_CAUSES,
} from '@eden/domain';
import { z } from 'zod';
import { RUN_ACTIONS } from '../views/actions.js';
import { pageQuerySchema } from './envelope.js';
import { searchSchema, timeSchema, uuidSchema } from './identifiers.js';
import { fileShape } from './plan.js';

/** What clients see of a run's state; the protocol's finer states stay inside. */
export const WIRE_RUN_STATES = [
  'queued',
  'waiting_for_lock',
  'paused',
  'running',
  'prepared',
  'committing',
  'succeeded',
  'failed',
  'aborting',
  'compensating',
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
    endpoint: uuidSchema.nullable().describe('Null in runs of earlier versions'),
    endpoint_id: z.string().nullable(),
    state: z.enum(STEP_STATES),
    attempts: z.int(),
    rows: z.int(),
    progress: progressSchema('rows'),
    started_at: timeSchema.nullable(),
    finished_at: timeSchema.nullable(),
    execution_time_ms: z.number(),
    attempt_history: z
      .array(z.object({ started_at: timeSchema, finished_at: timeSchema, error: storedErrorSchema }))
      .describe('The tries that failed and were followed by another: the latest 10'),
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
    trace_id: z.string().optional().describe('Of the trace that the request belongs to, where the service traces'),
  })
  .meta({ id: 'RunSummary' });

/** A batch may hold no more keys than a statement may answer. */
const LARGEST_SIZE = 100_000;
const FASTEST = 1_000_000_000;
const ONE_DAY_MS = 86_400_000;

const shapeOfTuning = {
  batch_size: z.int().min(1).max(LARGEST_SIZE).nullable().optional().describe('Null: it is tuned again'),
  max_rows_per_second: z.int().min(1).max(FASTEST).nullable().optional().describe('Null: no limit'),
  max_replica_lag_ms: z.int().min(1).max(ONE_DAY_MS).nullable().optional().describe('Null: no limit'),
};

export const tuneRunSchema = z
  .strictObject(shapeOfTuning)
  .refine((changes) => Object.keys(changes).length > 0, 'Nothing to change')
  .meta({ id: 'TuneRun' });

export const tuningSchema = z.object(shapeOfTuning).meta({ id: 'RunTuning' });

export const throttleSchema = z.object({ cause: z.enum(THROTTLE_CAUSES), reason: z.string() }).meta({ id: 'Throttle' });

const paceShape = {
  rows_per_second: z.number().nullable().describe('Of the last half minute, waits included'),
  ends_at: timeSchema.nullable().describe('When it will be done at that rate; null where nobody can say'),
  throttle: throttleSchema.nullable().describe('What holds the next batch back'),
};

const batchesSchema = z
  .object({ progress: progressSchema('rows'), batches: z.int(), batch_size: z.int(), ...paceShape })
  .meta({ id: 'StepBatches' });

const shapeOfShown = {
  progress: progressSchema('bindings'),
  actions: z.array(z.enum(RUN_ACTIONS)).describe('What the caller may do with it now'),
};

const backfillSchema = z.object({ progress: progressSchema('rows'), ...paceShape }).meta({ id: 'Backfill' });
/** As lists have it: without its APIs, but with how far they have got. */
export const listedRunSchema = runSummarySchema.extend(shapeOfShown).meta({ id: 'ListedRun' });

export const runsQuerySchema = pageQuerySchema.extend({
  state: z.enum(WIRE_RUN_STATES).optional(),
  kind: z.enum(RUN_KINDS).optional(),
  q: searchSchema.optional().describe('Somewhere in the id of its migration'),
  actor: z.string().max(300).optional().describe('Who asked for it'),
  since: timeSchema.optional().describe('Asked for then or later'),
});

const outsideStepSchema = z
  .object({
    number: z.int(),
    phase: z.enum(STEP_PHASES).describe('Before the atomic part, or after its commit'),
    class: z.enum(['compensable', 'irreversible', 'batched']),
    api: uuidSchema,
    api_id: z.string(),
    binding: z.int(),
    template: z.string().describe('Id of the template, or path of the file'),
    database: z.string(),
    state: z.enum(OUTSIDE_STEP_STATES),
    attempts: z.int(),
    batches: batchesSchema
      .optional()
      .describe('How far its batches have got; absent where there are none, or none yet'),
    started_at: timeSchema.nullable(),
    finished_at: timeSchema.nullable(),
    error: storedErrorSchema.optional(),
  })
  .meta({ id: 'OutsideStep' });

const runDatabaseSchema = z
  .object({
    name: z.string(),
    endpoint: uuidSchema,
    endpoint_id: z.string().nullable().describe('Null once the endpoint is deleted'),
    phases: z.array(z.object({ phase: z.enum(PHASES), started_at: timeSchema, finished_at: timeSchema.nullable() })),
  })
  .meta({ id: 'RunDatabase' });

const runAttemptSchema = z
  .object({
    attempt: z.int(),
    epoch: z.int(),
    started_at: timeSchema,
    finished_at: timeSchema.nullable(),
    outcome: z.enum(['succeeded', 'failed', 'cancelled', 'requeued']).nullable().describe('Null while it goes on'),
    reason: z.string().nullable().describe('Why the run was queued again'),
  })
  .meta({ id: 'RunAttempt' });

export const runSchema = runSummarySchema
  .extend({
    ...shapeOfShown,
    databases: z.array(runDatabaseSchema).describe('Those of the latest attempt, each with its phases in it'),
    attempt_history: z.array(runAttemptSchema).describe('Every attempt that has begun, the earliest first'),
    apis: z.array(runApiSchema),
    backfill: backfillSchema.optional().describe('All steps in batches together; absent where there are none'),
    tuning: tuningSchema.optional().describe('What of its pace differs from the options of its migration'),
    steps: z.array(outsideStepSchema).optional().describe('Those outside the transaction; absent where there are none'),
  })
  .meta({ id: 'Run' });

export const acceptedRunSchema = z.object({ run: uuidSchema }).meta({ id: 'AcceptedRun' });

/** Of the column that counts the events of a run. */
const LARGEST_SEQUENCE = 2_147_483_647;

/** Oldest first, and all of them to whoever names no limit; a cursor is the sequence of the last event of the page before. */
export const runEventsQuerySchema = pageQuerySchema.extend({
  limit: pageQuerySchema.shape.limit.unwrap().optional().describe('How many at most; without it all of them'),
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'Is not a cursor of a list')
    .optional(),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(LARGEST_SEQUENCE)
    .default(0)
    .describe('Only events behind this sequence number'),
});
