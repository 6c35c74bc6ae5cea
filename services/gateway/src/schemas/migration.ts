import { isTimeZone, isWallTime, MIGRATION_STATES, WEEKDAYS } from '@eden/domain';
import { z } from 'zod';
import { apiSchema, bindingsSchema, fieldsSchema } from './api.js';
import { pageQuerySchema, pageSchema } from './envelope.js';
import { descriptionSchema, idSchema, refSchema, searchSchema, timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';
import { atomicityLevelSchema } from './plan.js';
import { runSchema, listedRunSchema } from './run.js';
import { MIGRATION_ACTIONS } from '../views/actions.js';

const ONE_DAY_MS = 86_400_000;
const MOST_PARALLEL = 64;
const LONGEST_HASH = 200;
/** Beside that of its line, which eden.yaml and the operator put there (`LINE_LABEL` of packages/reconcile). */
const MOST_LABELS = 32;
const OWN_LABEL = 'eden.dev/line';
const LONGEST_LABEL = 256;
const LONGEST_NOTES = 8192;

const FASTEST = 1_000_000_000;
const MOST_SESSIONS = 10_000;
const SHORTEST_BATCH_MS = 10;
const LONGEST_BATCH_MS = 60_000;

const wallTimeSchema = z.string().refine(isWallTime, 'is a time from 00:00 to 23:59');

const maintenanceWindowSchema = z
  .strictObject({
    days: z.array(z.enum(WEEKDAYS)).min(1).readonly().optional().describe('Those on which it opens; absent: all'),
    start: wallTimeSchema,
    end: wallTimeSchema.describe('May lie on the next day'),
    timezone: z.string().refine(isTimeZone, 'is no time zone that is known here').describe('IANA name'),
  })
  .refine(({ start, end }) => start !== end, { path: ['end'], message: 'is the start as well' })
  .meta({ id: 'MaintenanceWindow' });

const backfillOptionsSchema = z
  .strictObject({
    target_batch_ms: z.int().min(SHORTEST_BATCH_MS).max(LONGEST_BATCH_MS).optional(),
    max_rows_per_second: z.int().min(1).max(FASTEST).optional().describe('Of all databases of a run together'),
    max_replica_lag_ms: z.int().min(1).max(ONE_DAY_MS).optional(),
    max_active_sessions: z.int().min(1).max(MOST_SESSIONS).optional(),
  })
  .meta({ id: 'BackfillOptions' });

/** Only options that are kept: one that would be ignored is refused like any unknown key. */
export const optionsSchema = z
  .strictObject({
    atomicity: z.enum(['strict', 'best']).optional(),
    lock_timeout_ms: z.int().min(1).max(ONE_DAY_MS).optional(),
    max_parallel: z.int().min(1).max(MOST_PARALLEL).optional(),
    maintenance_window: maintenanceWindowSchema.optional(),
    backfill: backfillOptionsSchema.optional(),
    approval: z
      .boolean()
      .optional()
      .describe('Each plan waits for the approval of somebody who has made nothing of it'),
  })
  .meta({ id: 'MigrationOptions' });

const labelsSchema = z
  .record(
    z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._/-]{0,62}$/,
        'must start with a letter or digit and hold at most 63 of A-Z a-z 0-9 . _ / -',
      ),
    z.string().max(LONGEST_LABEL),
  )
  .refine(
    (labels) => Object.keys(labels).filter((name) => name !== OWN_LABEL).length <= MOST_LABELS,
    `must be at most ${MOST_LABELS}`,
  )
  .meta({ maxProperties: MOST_LABELS + 1, example: { commit: '4f2a91c', team: 'checkout' } });

const notesSchema = z.string().max(LONGEST_NOTES);

export const newMigrationSchema = z
  .strictObject({
    id: idSchema,
    description: descriptionSchema.optional(),
    parameters: jsonObjectSchema.default({}),
    options: optionsSchema.default({}),
    labels: labelsSchema.optional().describe('Names of at most 63 of A-Z a-z 0-9 . _ / -, the first a letter or digit'),
    notes: notesSchema.optional(),
  })
  .meta({ id: 'NewMigration' });

export const migrationChangesSchema = z
  .strictObject({
    description: descriptionSchema.nullable().optional(),
    parameters: jsonObjectSchema.optional(),
    options: optionsSchema.optional(),
    labels: labelsSchema
      .nullable()
      .transform((labels) => labels ?? {})
      .optional()
      .describe('In place of those so far; null: none'),
    notes: notesSchema.nullable().optional(),
  })
  .meta({ id: 'MigrationChanges' });

export const addApiSchema = z
  .strictObject({
    id: refSchema,
    bindings: bindingsSchema,
    stage: z.int32().default(0),
    next: z.strictObject({ fields: fieldsSchema.optional(), bindings: bindingsSchema.optional() }).optional(),
  })
  .meta({ id: 'AddApi' });

const migrationShape = {
  id: z.string(),
  uuid: uuidSchema,
  description: z.string().nullable(),
  state: z.enum(MIGRATION_STATES),
};

export const approvalSchema = z
  .object({ plan_hash: z.string(), approved_by: z.string(), approved_at: timeSchema })
  .meta({ id: 'Approval' });

const migrationAdditions = {
  atomicity: atomicityLevelSchema.nullable().describe('Of the last plan; null before the first good sync'),
  approval: approvalSchema.nullable().describe('Of the last plan; null where nobody has approved that'),
  parameters: jsonObjectSchema,
  options: optionsSchema,
  labels: labelsSchema,
  notes: z.string().nullable(),
  run: runSchema.nullable().describe('The latest'),
  created_by: z.string(),
  actions: z.array(z.enum(MIGRATION_ACTIONS)).describe('What the caller may do with it now'),
  created_at: timeSchema,
  updated_at: timeSchema,
};

export const migrationSchema = z
  .object({ ...migrationShape, api_uuids: z.array(uuidSchema), ...migrationAdditions })
  .meta({ id: 'Migration' });

export const verboseMigrationSchema = z
  .object({ ...migrationShape, apis: z.array(apiSchema), ...migrationAdditions })
  .meta({ id: 'VerboseMigration' });

export const listedMigrationSchema = migrationSchema
  .extend({ run: listedRunSchema.nullable().describe('The latest, without its APIs') })
  .meta({ id: 'ListedMigration' });

export const migrationsQuerySchema = pageQuerySchema.extend({
  state: z.enum(MIGRATION_STATES).optional(),
  level: atomicityLevelSchema.optional().describe('Of the last plan'),
  q: searchSchema.optional().describe('Somewhere in the id or the description'),
  id_prefix: searchSchema.optional(),
  actor: z.string().max(300).optional().describe('Who made it'),
  since: timeSchema.optional().describe('Changed then or later'),
});

/** The page, and how many there are in each state of those that fit, whatever state was asked for. */
export const migrationsPageSchema = pageSchema(listedMigrationSchema).extend({
  counts: z.record(z.enum(MIGRATION_STATES), z.int()),
});

export const syncSchema = z
  .strictObject({
    rehearse: z
      .boolean()
      .default(false)
      .describe(
        'Also run everything, gates closed as in a migrate, in transactions that are rolled back; sequences advance all the same',
      ),
  })
  .meta({ id: 'Sync' });

export const approveSchema = z
  .strictObject({
    plan_hash: z
      .string()
      .min(1)
      .max(LONGEST_HASH)
      .optional()
      .describe('Of the plan that was looked at: no other is approved'),
  })
  .meta({ id: 'Approve' });

export const rollbackSchema = z.strictObject({}).meta({ id: 'Rollback' });

export const resolveSchema = z
  .strictObject({
    decision: z
      .enum(['commit', 'abort', 'retry'])
      .describe('Whether the migration counts as done everywhere, or as not done; retry: its steps are tried again'),
    reason: z.string().trim().min(1).max(2_000).describe('For the audit: what was found, and what was mended by hand'),
  })
  .meta({ id: 'Resolve' });

export const migrateSchema = z
  .strictObject({ migration: jsonObjectSchema.default({}).describe('Overrides of parameters for this run') })
  .meta({ id: 'Migrate' });
