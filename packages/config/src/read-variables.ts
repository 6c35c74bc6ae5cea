import { z } from 'zod';
import { ConfigError } from './config-error.js';
import { isSet, type Env } from './env.js';
import type { Values, VariableName } from './variables.js';
import { VARIABLES } from './variables.js';

function complaint(name: VariableName, env: Env): string {
  const problem = env[name] === undefined ? 'is missing' : 'is not valid';
  return `${name} ${problem}, expected ${VARIABLES[name].description ?? 'another value'}`;
}

/**
 * Reads and checks the named variables, and those that may be missing.
 * @throws ConfigError one line that names every missing or bad variable and what it expects
 */
export function readVariables<N extends VariableName, O extends VariableName = never>(
  env: Env,
  names: readonly N[],
  optional: readonly O[] = [],
): Values<N> & Partial<Values<O>> {
  const given: Env = Object.fromEntries(Object.entries(env).filter(([, value]) => isSet(value)));
  const required = names.map((name) => [name, VARIABLES[name]] as const);
  const others = optional.map((name) => [name, VARIABLES[name].optional()] as const);
  const result = z.object(Object.fromEntries([...required, ...others])).safeParse(given);
  if (result.success) return result.data as Values<N> & Partial<Values<O>>;
  const bad = new Set(result.error.issues.map((issue) => issue.path[0] as VariableName));
  throw new ConfigError([...bad].map((name) => complaint(name, given)).join('; '));
}
