import type { RunEventData, RunEventType } from '@eden/domain';
import { DATABASE_CHANGES, OUTSIDE_STEP_STATES, RUN_KINDS, RUN_STATES, STEP_PHASES, STEP_STATES } from '@eden/domain';
import { z } from 'zod';
import { timeSchema, uuidSchema } from './identifiers.js';
import { throttleSchema, tuningSchema } from './run.js';

const blockerSchema = z
  .object({
    pid: z.int().nullable(),
    user: z.string().nullable().describe('None for a process of the server itself'),
    application: z.string().nullable(),
    query: z.string().nullable(),
    age_ms: z.number().nullable(),
    database: z.string(),
    prepared_id: z.string().nullable().describe('Of a prepared transaction, which has no pid, application or query'),
  })
  .meta({ id: 'Blocker' });

const doubtfulDatabaseSchema = z
  .object({
    database: z.string(),
    endpoint_id: z.string(),
    prepared_id: z.string(),
    apis: z.array(z.string()).describe('Ids of the APIs that change it'),
    ledger: z.enum(['absent', 'present', 'not read']),
    details: z.string(),
  })
  .meta({ id: 'DoubtfulDatabase' });

const doubtfulStepSchema = z
  .object({
    number: z.int(),
    api_id: z.string(),
    template: z.string(),
    database: z.string(),
    endpoint_id: z.string(),
    attempts: z.int(),
    details: z.string(),
  })
  .meta({ id: 'DoubtfulStep' });

const resolutionSchema = z.object({
  decision: z.enum(['commit', 'abort', 'retry']),
  reason: z.string(),
  actor: z.string(),
});

/** Absent from events of versions that did not know it. */
const reason = z.string().optional();

/** Absent of what no binding has said. */
const bindingPlace = {
  api: uuidSchema.optional(),
  api_id: z.string().optional(),
  binding: z.int().optional(),
  template: z.string().optional(),
};

/** What each type of event says. The compiler holds it to what the domain writes. */
const DATA = {
  queued: z.object({
    kind: z.enum(RUN_KINDS),
    slot: z.enum(['active', 'behind']),
    actor: z.string(),
    reason,
    trace_id: z.string().optional(),
  }),
  waiting_for_lock: z.object({ reason }),
  waiting: z.object({ reason: z.string(), endpoint_id: z.string().optional() }),
  started: z.object({ epoch: z.int(), attempt: z.int(), lock_wait_ms: z.number() }),
  api_finished: z.object({
    api: uuidSchema,
    api_id: z.string(),
    state: z.enum(STEP_STATES),
    rows: z.int(),
    execution_time_ms: z.number(),
  }),
  blocked: z.object({
    endpoint_id: z.string(),
    blockers: z.array(blockerSchema),
    lock_timeout_ms: z.number().optional(),
    sqlstate: z.string().optional(),
    message: z.string().optional(),
    reason,
  }),
  notice: z.object({
    endpoint_id: z.string(),
    ...bindingPlace,
    severity: z.string(),
    sqlstate: z.string(),
    message: z.string(),
    detail: z.string().optional(),
    hint: z.string().optional(),
    where: z.string().optional(),
  }),
  further_notices: z.object({
    endpoint_id: z.string().optional().describe('Absent: of the whole run'),
    ...bindingPlace,
    count: z.int().describe('So many more than are kept'),
  }),
  database_identified: z.object({ database: z.string(), endpoint_id: z.string(), change: z.enum(DATABASE_CHANGES) }),
  approval_wanted: z.object({ plan_hash: z.string() }),
  rehearsing: z.object({ databases: z.int(), apis: z.int() }),
  prepared: z.object({ participants: z.int() }),
  deciding: z.object({ epoch: z.int() }),
  commit_decided: z.object({
    epoch: z.int(),
    parallel_execution_ms: z.number().optional(),
    committed_before: z.boolean().optional(),
  }),
  target_committed: z.object({ database: z.string(), endpoint_id: z.string() }),
  in_doubt: z.object({
    code: z.string(),
    decided: z.boolean(),
    databases: z.array(doubtfulDatabaseSchema),
    steps: z.array(doubtfulStepSchema).optional(),
  }),
  aborting: z.object({
    epoch: z.int(),
    outcome: z.enum(['failed', 'requeue', 'cancelled']),
    reason,
    decided: z.boolean().optional(),
    cancelled_by: z.string().optional(),
  }),
  steps_started: z.object({
    epoch: z.int(),
    phase: z.enum(STEP_PHASES),
    steps: z.int(),
    resolved: resolutionSchema.optional(),
  }),
  steps_finished: z.object({ phase: z.enum(STEP_PHASES) }),
  step: z.object({
    number: z.int(),
    phase: z.enum(STEP_PHASES),
    api_id: z.string(),
    template: z.string(),
    database: z.string(),
    endpoint_id: z.string(),
    state: z.enum(OUTSIDE_STEP_STATES),
    attempt: z.int(),
    reason: z.string().optional(),
  }),
  batches: z.object({
    number: z.int(),
    api_id: z.string(),
    template: z.string(),
    database: z.string(),
    rows: z.int(),
    estimated_rows: z.number().nullable(),
    batch_size: z.int(),
    rows_per_second: z.number().nullable(),
    ends_at: timeSchema.nullable(),
    throttle: throttleSchema.nullable(),
  }),
  paused: z.object({ actor: z.string(), reason: z.string() }),
  resumed: z.object({ actor: z.string(), reason: z.string() }),
  tuned: z.object({ actor: z.string(), tuning: tuningSchema }),
  compensating: z.object({
    epoch: z.int(),
    outcome: z.enum(['failed', 'cancelled']),
    reason,
    cancelled_by: z.string().optional(),
    resolved: resolutionSchema.optional(),
  }),
  contradicted: z.object({ database: z.string(), endpoint_id: z.string(), found: z.string(), details: z.string() }),
  requeued: z.object({
    attempt: z.int().describe('The next one'),
    reason,
    pause_ms: z.number().optional().describe('How long nobody begins it'),
  }),
  recovered: z.object({
    state: z.enum(RUN_STATES),
    epoch: z.int(),
    attempt: z.int().optional(),
    reason,
    worker: z.string().optional().describe('That ended without a word'),
  }),
  finished: z.object({
    state: z.enum(['succeeded', 'failed', 'cancelled']),
    code: z.string().optional(),
    error: z.string().optional(),
    plan_hash: z.string().optional(),
    silenced: z
      .array(z.object({ api: z.string(), step: z.string(), rule: z.string(), reason: z.string() }))
      .optional()
      .describe('Rules that comments have taken out of force, the first 100'),
    cancelled_by: z.string().optional(),
    resolved: resolutionSchema.optional(),
  }),
};

/*
 * Proof by the compiler: each type of event is shown with the keys that are written, and no other.
 */
type Shown = { [Type in RunEventType]: z.output<(typeof DATA)[Type]> };
type SameKeys<A, B> = Exclude<keyof A, keyof B> | Exclude<keyof B, keyof A>;
type Differing = { [Type in RunEventType]: SameKeys<Shown[Type], RunEventData[Type]> }[RunEventType];
type NoneOf<T extends never> = T;
type EveryKeyIsShown = NoneOf<Differing>;

function eventOf<Type extends RunEventType>(type: Type) {
  return z.object({ sequence: z.int(), at: timeSchema, type: z.literal(type), data: DATA[type] });
}

export const runEventSchema = z
  .discriminatedUnion('type', [
    eventOf('queued'),
    eventOf('waiting_for_lock'),
    eventOf('waiting'),
    eventOf('started'),
    eventOf('api_finished'),
    eventOf('blocked'),
    eventOf('notice'),
    eventOf('further_notices'),
    eventOf('database_identified'),
    eventOf('approval_wanted'),
    eventOf('rehearsing'),
    eventOf('prepared'),
    eventOf('deciding'),
    eventOf('commit_decided'),
    eventOf('target_committed'),
    eventOf('in_doubt'),
    eventOf('aborting'),
    eventOf('steps_started'),
    eventOf('step'),
    eventOf('steps_finished'),
    eventOf('batches'),
    eventOf('paused'),
    eventOf('resumed'),
    eventOf('tuned'),
    eventOf('compensating'),
    eventOf('contradicted'),
    eventOf('requeued'),
    eventOf('recovered'),
    eventOf('finished'),
  ])
  .meta({ id: 'RunEvent' });

/* Proof by the compiler: no type of event is left out. */
type EveryTypeIsShown = NoneOf<Exclude<RunEventType, z.output<typeof runEventSchema>['type']>>;
