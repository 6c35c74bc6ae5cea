import { GATE_GOALS, HOOK_ACTIONS, MIGRATION_STATES } from '@eden/domain';
import { z } from 'zod';
import { idSchema, refSchema, timeSchema, uuidSchema } from './identifiers.js';
import { runSummarySchema } from './run.js';

const MOST_MIGRATIONS = 200;
const LONGEST_OVERLAP_SECONDS = 2_592_000;
const DEFAULT_OVERLAP_SECONDS = 86_400;
const LONGEST_WAIT_SECONDS = 300;
const LONGEST_TICKET = 2_000;

const actionSchema = z.enum(HOOK_ACTIONS);

export const newHookSchema = z
  .strictObject({
    id: idSchema,
    migrations: z
      .array(refSchema)
      .min(1)
      .max(MOST_MIGRATIONS)
      .optional()
      .describe('The migrations that it may run; without it all, also those to come'),
    actions: z.array(actionSchema).min(1).optional().describe('What it may do; without it everything'),
  })
  .meta({ id: 'NewHook' });

export const hookSchema = z
  .object({
    id: z.string(),
    uuid: uuidSchema,
    migrations: z.array(z.string()).nullable().describe('null: all'),
    actions: z.array(actionSchema).nullable().describe('null: all'),
    previous_valid_until: timeSchema
      .nullable()
      .describe('Until then the secret before the last rotation counts as well'),
    created_by: z.string(),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Hook' });

export const hookWithSecretSchema = z
  .object({
    id: z.string(),
    uuid: uuidSchema,
    secret: z.string().describe('The key of the HMAC, as it stands here; shown once'),
    previous_valid_until: timeSchema.nullable(),
  })
  .meta({ id: 'HookWithSecret' });

export const rotateHookSchema = z
  .strictObject({
    overlap_seconds: z.int().min(0).max(LONGEST_OVERLAP_SECONDS).default(DEFAULT_OVERLAP_SECONDS),
  })
  .meta({ id: 'RotateHook' });

export const hookCallSchema = z.strictObject({ migration: refSchema, action: actionSchema }).meta({ id: 'HookCall' });

export const hookedRunSchema = z
  .object({
    run: uuidSchema.describe('Of sync_and_migrate the migrate'),
    gate: z.url().describe('Waits for the migration; its ticket is good for a day'),
  })
  .meta({ id: 'HookedRun' });

export const gateQuerySchema = z.object({
  for: z.enum(GATE_GOALS).default('completed'),
  wait: z.coerce.number().int().min(0).max(LONGEST_WAIT_SECONDS).default(0).describe('Seconds'),
  missing: z.enum(['wait']).optional().describe('wait: a migration that is not there yet is waited for'),
  ticket: z.string().max(LONGEST_TICKET).optional().describe('In place of a token'),
});

export const gateSchema = z
  .object({
    status: z.literal('success'),
    state: z.enum(MIGRATION_STATES).nullable().describe('null: there is no such migration yet'),
    run: runSummarySchema.nullable().describe('The one that is under way, or the latest'),
  })
  .meta({ id: 'Gate' });
