import type { EndpointEntry } from '@eden/reconcile';
import { CommandError } from '../exit-codes.js';
import type { EndpointEntry as FileEndpoint } from './schema.js';

type Environment = Readonly<Record<string, string | undefined>>;
type JsonObject = Record<string, unknown>;

/**
 * `env:NAME` becomes the value that NAME has here; `secret:NAME` becomes the service's own `env:NAME`.
 * @throws CommandError that names the endpoint and the variable, never a value
 */
export function resolveEndpoint(id: string, entry: FileEndpoint, env: Environment): EndpointEntry {
  const { kind, description, ...config } = entry;
  return {
    id,
    kind,
    ...(description === undefined ? {} : { description }),
    config: resolveConfig(config, `endpoints.${id}`, env),
  };
}

/** The values of a config alone; `place` stands in errors. @throws CommandError */
export function resolveConfig(config: object, place: string, env: Environment): JsonObject {
  return resolveAll(config, place, env) as JsonObject;
}

function resolveAll(value: unknown, place: string, env: Environment): unknown {
  if (typeof value === 'string') return resolveText(value, place, env);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner, index) => resolveAll(inner, `${place}[${index}]`, env));
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, resolveAll(inner, `${place}.${key}`, env)]),
  );
}

function resolveText(text: string, place: string, env: Environment): string {
  const [, scheme, name = ''] = /^(env|secret):(.+)$/.exec(text) ?? [];
  if (scheme === undefined) return text;
  if (scheme === 'secret') return `env:${name}`;
  const value = env[name];
  if (value !== undefined && value !== '') return value;
  throw new CommandError(
    `${place} wants the environment variable ${name}, which is not set`,
    `Set ${name} and run this again.`,
  );
}
