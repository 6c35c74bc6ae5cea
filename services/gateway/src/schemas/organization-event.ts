import { RUN_KINDS } from '@eden/domain';
import { z } from 'zod';
import { timeSchema, uuidSchema } from './identifiers.js';
import { WIRE_RUN_STATES } from './run.js';

export const organizationEventSchema = z
  .object({
    type: z.enum(['run', 'migration']).describe('migration: it was made, changed or deleted'),
    at: timeSchema,
    migration: uuidSchema,
    migration_id: z.string(),
    run: z
      .object({ uuid: uuidSchema, kind: z.enum(RUN_KINDS), state: z.enum(WIRE_RUN_STATES) })
      .nullable()
      .describe('The one that has moved'),
  })
  .meta({ id: 'OrganizationEvent' });
