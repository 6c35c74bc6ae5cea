import { z } from 'zod';
import { descriptionSchema, timeSchema, uuidSchema } from './identifiers.js';

export const newRevocationSchema = z
  .strictObject({
    subject: z
      .string()
      .regex(/^[\x20-\x7e]{1,255}$/, 'must be the sub of a token: at most 255 printable ASCII characters')
      .meta({ example: 'auth0|5f7c8ec7c33c6c004bbafe82' }),
    reason: descriptionSchema.optional(),
  })
  .meta({ id: 'NewRevocation' });

export const revocationSchema = z
  .object({
    uuid: uuidSchema,
    subject: z.string(),
    reason: z.string().nullable(),
    revoked_by: z.string(),
    created_at: timeSchema,
  })
  .meta({ id: 'Revocation' });
