import { ACCESS_LEVELS, GRANT_LEVELS, KEY_SCOPES } from '@eden/domain';
import { z } from 'zod';
import { ROBOT_ACTIONS, USER_ACTIONS } from '../views/actions.js';
import { descriptionSchema, granteeSchema, idSchema, timeSchema, usernameSchema, uuidSchema } from './identifiers.js';

const SHORTEST_PASSWORD = 8;
/** Hashing time does not depend on it, reading it does. */
const LONGEST_PASSWORD = 1024;
const MOST_FOUNDERS = 20;
const SHORTEST_KEY_SECONDS = 1;
/** Ten years. */
const LONGEST_KEY_SECONDS = 315_360_000;
const MOST_GRANTS_AT_ONCE = 200;

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
    actions: z.array(z.enum(USER_ACTIONS)).describe('What the caller may do with it now'),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'User' });

const scopesSchema = z.array(z.enum(KEY_SCOPES)).min(1).max(KEY_SCOPES.length);
const keySecondsSchema = z.int().min(SHORTEST_KEY_SECONDS).max(LONGEST_KEY_SECONDS);

/** What a level allows, and no waiting at gates, which is for keys that may do nothing else. */
const DEFAULT_SCOPES = KEY_SCOPES.filter((scope) => scope !== 'gate');

export const newRobotSchema = z
  .strictObject({
    username: usernameSchema,
    description: descriptionSchema.optional(),
    access_level: accessLevelSchema.default('Read'),
    scopes: scopesSchema
      .refine((scopes) => new Set(scopes).size === scopes.length, { error: 'must differ' })
      .default(DEFAULT_SCOPES)
      .describe('What the key may be used for, within the level'),
    expires_in: keySecondsSchema.optional().describe('Seconds that each of its keys is good; for ever without'),
  })
  .meta({ id: 'NewRobot' });

export const rotateKeySchema = z
  .strictObject({ expires_in: keySecondsSchema.optional().describe('Seconds; as for the key before without') })
  .meta({ id: 'RotateKey' });

export const robotSchema = z
  .object({
    username: z.string(),
    uuid: uuidSchema,
    description: z.string().nullable(),
    access_level: accessLevelSchema,
    scopes: z.array(z.enum(KEY_SCOPES)),
    expires_at: timeSchema.nullable().describe('Of its key'),
    actions: z.array(z.enum(ROBOT_ACTIONS)).describe('What the caller may do with it now'),
    created_at: timeSchema,
    updated_at: timeSchema,
  })
  .meta({ id: 'Robot' });

export const robotWithKeySchema = robotSchema
  .extend({ api_key: z.string().describe('Shown this once') })
  .meta({ id: 'RobotWithKey' });

const grantSchema = z
  .tuple([granteeSchema.describe('A user, a robot, or provider:<sub>'), z.enum(GRANT_LEVELS)])
  .transform(([member, level]) => ({ member, level }));

export const newGrantsSchema = z
  .strictObject({ subjects: z.array(grantSchema).min(1).max(MOST_GRANTS_AT_ONCE) })
  .meta({ id: 'NewGrants' });

export const grantsSchema = z
  .object({ subjects: z.array(z.tuple([z.string(), z.enum(GRANT_LEVELS)])).describe('By name') })
  .meta({ id: 'Grants' });

export const subjectGrantSchema = z
  .object({ subject: z.string(), uuid: uuidSchema, level: z.enum(GRANT_LEVELS) })
  .meta({ id: 'SubjectGrant' });

export const callerSchema = z
  .object({
    organization: z.string(),
    organization_uuid: uuidSchema,
    name: z.string(),
    uuid: uuidSchema,
    kind: z.enum(['user', 'robot']),
    level: accessLevelSchema,
    scopes: z.array(z.enum(KEY_SCOPES)).nullable().describe('Of the key; null for people, whom only their level binds'),
  })
  .meta({ id: 'Caller' });

export const loginProviderSchema = z
  .object({
    id: z.enum(['password', 'oidc']),
    issuer: z.string().nullable(),
    start: z.string().nullable().describe('Where to send the browser'),
  })
  .meta({ id: 'LoginProvider' });

/** A path of this service: a browser that has logged in is sent nowhere else. */
export const returnToSchema = z
  .string()
  .max(2000)
  .regex(/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/, 'must be a path of this service, such as /ui/');

export const oidcStartQuerySchema = z.object({
  return_to: returnToSchema.default('/ui/').describe('Where the browser goes when it is logged in'),
});
