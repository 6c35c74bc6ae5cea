import { z } from 'zod';
import { granteeSchema, refSchema, usernameSchema, uuidSchema } from '../schemas/identifiers.js';

/** Every parameter that a path may have, and what it must look like. */
export const PATH_PARAMETERS = {
  endpoint: refSchema,
  template: refSchema,
  api: refSchema,
  migration: refSchema,
  run: uuidSchema,
  user: usernameSchema.describe('Username or uuid'),
  revocation: uuidSchema,
  robot: usernameSchema.describe('Name or uuid'),
  subject: granteeSchema.describe('A user or a robot, by name or uuid, or provider:<sub>'),
  source: refSchema,
  hook: refSchema,
  webhook: uuidSchema,
  delivery: uuidSchema,
  path: z
    .union([z.string(), z.array(z.string())])
    .transform((parts) => (typeof parts === 'string' ? parts : parts.join('/')))
    .meta({ type: 'string', description: 'Of a file within its folder; its slashes stay as they are' }),
} as const;

export type PathParameterName = keyof typeof PATH_PARAMETERS;

const PARAMETER = /\{(\w+)\}/g;

/** The names in braces, in order. */
export function parametersOf(path: string): PathParameterName[] {
  return [...path.matchAll(PARAMETER)].map((match) => match[1] as PathParameterName);
}

export function pathSchema(path: string) {
  return z.object(Object.fromEntries(parametersOf(path).map((name) => [name, PATH_PARAMETERS[name]])));
}

/** `/migrations/{migration}` as Express writes it. */
export function expressPath(path: string): string {
  return path.replaceAll(PARAMETER, (_, name: string) => (name === 'path' ? '*path' : `:${name}`));
}
