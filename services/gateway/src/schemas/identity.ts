import { ACCESS_LEVELS } from '@eden/domain';
import { z } from 'zod';
import { descriptionSchema, idSchema, timeSchema, usernameSchema, uuidSchema } from './identifiers.js';

const SHORTEST_PASSWORD = 8;
/** Hashing time does not depend on it, reading it does. */
const LONGEST_PASSWORD = 1024;
const MOST_FOUNDERS = 20;

const passwordSchema = z.string().min(SHORTEST_PASSWORD).max(LONGEST_PASSWORD);
const accessLevelSchema = z.enum(ACCESS_LEVELS);

export const newOrganizationSchema = z
  .strictObject({
    id: idSchema,
    description: descriptionSchema.optional(),
    super_admins: z
      .array(z.strictObject({ username: usernameSchema, password: passwordSchema }))
      .min(1)
      .max(MOST_FOUNDERS)
      .refine((founders) => new Set(founders.map(({ username }) => username)).size === founders.length, {
        error: 'usernames must differ',
      }),
  })
  .meta({ id: 'NewOrganization' });

export const loginSchema = z.strictObject({ id: idSchema.optional().describe('Organization') }).meta({ id: 'Login' });

export const tokenSchema = z.object({ token: z.string(), expires_in: z.int() }).meta({ id: 'Token' });

export const newUserSchema = z
  .strictObject({
    username: usernameSchema,
    password: passwordSchema,
    description: descriptionSchema.optional(),
    access_level: accessLevelSchema.default('Read'),
  })
  .meta({ id: 'NewUser' });

export const userChangesSchema = z
  .strictObject({
    password: passwordSchema.optional(),
    description: descriptionSchema.nullable().optional(),
    access_level: accessLevelSchema.optional(),
  })
  .meta({ id: 'UserChanges' });

export const userSchema = z
  .object({
    username: z.string(),
    uuid: uuidSchema,
    description: z.string().nullable(),
    access_level: accessLevelSchema,
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'User' });
