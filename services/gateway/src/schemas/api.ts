import { FIELD_TYPES } from '@eden/domain';
import { z } from 'zod';
import { TEMPLATE_ACTIONS } from '../views/actions.js';
import { descriptionSchema, idSchema, refSchema, timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';

const MOST_FIELDS = 500;
const MOST_BINDINGS = 5_000;

const fieldSchema = z
  .strictObject({
    name: z.string().min(1).max(256),
    type: z.enum(FIELD_TYPES),
    description: descriptionSchema.optional(),
    required: z.boolean(),
  })
  .meta({ id: 'Field' });

const bindingSchema = z
  .strictObject({ template: refSchema, fields: jsonObjectSchema.default({}) })
  .meta({ id: 'NewBinding' });

export const fieldsSchema = z.array(fieldSchema).max(MOST_FIELDS);
export const bindingsSchema = z.array(bindingSchema).max(MOST_BINDINGS);

export const newApiSchema = z
  .strictObject({
    id: idSchema,
    description: descriptionSchema.optional(),
    fields: fieldsSchema.default([]),
    bindings: bindingsSchema.default([]),
  })
  .meta({ id: 'NewApi' });

export const apiChangesSchema = z
  .strictObject({
    description: descriptionSchema.nullable().optional(),
    fields: fieldsSchema.optional(),
    bindings: bindingsSchema.optional(),
  })
  .meta({ id: 'ApiChanges' });

const boundTemplateSchema = z.object({ template: uuidSchema, fields: jsonObjectSchema }).meta({ id: 'Binding' });

const nextSchema = z.object({
  fields: z.array(fieldSchema).optional(),
  bindings: z.array(boundTemplateSchema).optional(),
});

const membershipSchema = z
  .object({
    uuid: uuidSchema.describe('Of the migration'),
    state: z.boolean().describe('Synced with this membership as it is'),
    stage: z.int(),
    bindings: z.array(boundTemplateSchema),
    next: nextSchema.nullable(),
  })
  .meta({ id: 'Membership' });

export const apiSchema = z
  .object({
    id: z.string(),
    uuid: uuidSchema,
    description: z.string().nullable(),
    managed: z.boolean().optional().describe('Of a source: it comes and goes with it'),
    fields: z.array(fieldSchema),
    bindings: z.array(boundTemplateSchema),
    migration: membershipSchema.nullable(),
    actions: z
      .array(z.enum(TEMPLATE_ACTIONS))
      .describe('What the caller may do with it; execute_writes: also run what does not only read'),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Api' });
