import { ID_PATTERN, asUuid } from '@eden/domain';
import { z } from 'zod';

/** A name that a client chooses (contract section 2). */
export const idSchema = z
  .string()
  .regex(ID_PATTERN, 'must start with a letter or digit and hold at most 128 of A-Z a-z 0-9 _ . -')
  .meta({ example: 'customer_schema_v2' });

/** Wherever a path or body takes an id, it takes the uuid as well. */
export const refSchema = idSchema.describe('Id or uuid');

export const uuidSchema = z
  .guid()
  .transform(asUuid)
  .meta({ type: 'string', format: 'uuid', example: '550e8400-e29b-41d4-a716-446655440000' });

/** Like an id, or an e-mail address. */
export const usernameSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.@+-]{0,127}$/, 'must be an id or an e-mail address of at most 128 characters')
  .meta({ example: 'ann@example.com' });

/** Whoever grants are given to. Of a subject of the identity provider, any that OpenID Connect allows. */
export const granteeSchema = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9][A-Za-z0-9_.@+-]{0,127}|provider:[\x20-\x7e]{1,255})$/,
    'must name a user or a robot, or be provider:<sub> for a subject of the identity provider',
  )
  .meta({ example: 'ann@example.com' });

export const descriptionSchema = z.string().max(4000);

export const timeSchema = z.iso.datetime().meta({ example: '2024-01-15T10:30:00.000Z' });

/** A piece of a text, in whatever case. */
export const searchSchema = z.string().max(200);

/** What was made, by both its names. */
export const identitySchema = z.object({ id: z.string(), uuid: uuidSchema }).meta({ id: 'Identity' });
