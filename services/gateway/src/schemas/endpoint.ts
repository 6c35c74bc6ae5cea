import { ENDPOINT_KINDS } from '@eden/domain';
import { z } from 'zod';
import { ENDPOINT_ACTIONS } from '../views/actions.js';
import { descriptionSchema, idSchema, timeSchema, uuidSchema } from './identifiers.js';
import { jsonObjectSchema } from './json.js';

export const endpointKindSchema = z.enum(ENDPOINT_KINDS);

/** What stands in `config` is checked by the adapter of the kind. */
export const newEndpointSchema = z
  .strictObject({
    id: idSchema,
    kind: endpointKindSchema,
    description: descriptionSchema.optional(),
    config: jsonObjectSchema,
  })
  .meta({ id: 'NewEndpoint' });

export const endpointChangesSchema = z
  .strictObject({ description: descriptionSchema.nullable().optional(), config: jsonObjectSchema.optional() })
  .meta({ id: 'EndpointChanges' });

export const endpointSchema = z
  .object({
    id: z.string(),
    uuid: uuidSchema,
    kind: endpointKindSchema,
    description: z.string().nullable(),
    config: jsonObjectSchema.describe('Without credentials'),
    actions: z.array(z.enum(ENDPOINT_ACTIONS)).describe('What the caller may do with it'),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Endpoint' });

export const endpointReportSchema = z
  .object({
    connected: z.literal(true),
    latency_ms: z.number(),
    server_version: z.string(),
    atomicity: z.string().meta({ description: 'The best level that a migration can have here', example: 'atomic' }),
    preparing: z
      .object({
        possible: z.boolean(),
        max_prepared_transactions: z.int().describe('How many the server keeps at once, of everybody'),
        slots_free: z.int(),
        reasons: z.array(z.string()).describe('Why not, each with what to do about it'),
      })
      .describe('Whether transactions can be prepared there now'),
  })
  .meta({ id: 'EndpointReport' });
