import { MIGRATION_STATES } from '@eden/domain';
import { z } from 'zod';
import { apiSchema, bindingsSchema, fieldsSchema } from './api.js';
import { descriptionSchema, idSchema, refSchema, timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';
import { atomicityLevelSchema } from './plan.js';
import { runSchema, runSummarySchema } from './run.js';

const ONE_DAY_MS = 86_400_000;
const MOST_PARALLEL = 64;
const LAST_STAGE = 10_000;

/** Only options that are kept: one that would be ignored is refused like any unknown key. */
const optionsSchema = z
  .strictObject({
    atomicity: z.enum(['strict', 'best']).optional(),
    lock_timeout_ms: z.int().min(1).max(ONE_DAY_MS).optional(),
    max_parallel: z.int().min(1).max(MOST_PARALLEL).optional(),
  })
  .meta({ id: 'MigrationOptions' });

export const newMigrationSchema = z
  .strictObject({
    id: idSchema,
    description: descriptionSchema.optional(),
    parameters: jsonObjectSchema.default({}),
    options: optionsSchema.default({}),
  })
  .meta({ id: 'NewMigration' });

export const migrationChangesSchema = z
  .strictObject({
    description: descriptionSchema.nullable().optional(),
    parameters: jsonObjectSchema.optional(),
    options: optionsSchema.optional(),
  })
  .meta({ id: 'MigrationChanges' });

export const addApiSchema = z
  .strictObject({
    id: refSchema,
    bindings: bindingsSchema,
    stage: z.int().min(0).max(LAST_STAGE).default(0),
    next: z.strictObject({ fields: fieldsSchema.optional(), bindings: bindingsSchema.optional() }).optional(),
  })
  .meta({ id: 'AddApi' });

const migrationShape = {
  id: z.string(),
  uuid: uuidSchema,
  description: z.string().nullable(),
  state: z.enum(MIGRATION_STATES),
};

const migrationAdditions = {
  atomicity: atomicityLevelSchema.nullable().describe('Of the last plan; null before the first good sync'),
  parameters: jsonObjectSchema,
  options: optionsSchema,
  run: runSchema.nullable().describe('The latest'),
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
  .extend({ run: runSummarySchema.nullable().describe('The latest, without its APIs') })
  .meta({ id: 'ListedMigration' });

/** `{"rehearse": true}` is refused until rehearsals exist: ignoring it would run the plain sync. */
export const syncSchema = z
  .strictObject({ rehearse: z.literal(false, 'rehearsals are not available yet').optional() })
  .meta({ id: 'Sync' });

export const rollbackSchema = z.strictObject({}).meta({ id: 'Rollback' });

export const resolveSchema = z
  .strictObject({
    decision: z.enum(['commit', 'abort']).describe('Whether the migration counts as done everywhere, or as not done'),
    reason: z.string().trim().min(1).max(2_000).describe('For the audit: what was found, and what was mended by hand'),
  })
  .meta({ id: 'Resolve' });

export const migrateSchema = z
  .strictObject({ migration: jsonObjectSchema.default({}).describe('Overrides of parameters for this run') })
  .meta({ id: 'Migrate' });
