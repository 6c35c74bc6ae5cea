import { z } from 'zod';
import { ConfigError } from './config-error.js';
import type { Env } from './env.js';
import type { Values, VariableName } from './variables.js';
import { VARIABLES } from './variables.js';

/** Compose files and shells set variables to nothing when they mean "not set". */
function isSet(entry: [string, string | undefined]): boolean {
  return entry[1] !== undefined && entry[1].trim() !== '';
}

function complaint(name: VariableName, env: Env): string {
  const problem = env[name] === undefined ? 'is missing' : 'is not valid';
  return `${name} ${problem}, expected ${VARIABLES[name].description ?? 'another value'}`;
}

/**
 * Reads and checks the named variables.
 * @throws ConfigError one line that names every missing or bad variable and what it expects
 */
export function readVariables<N extends VariableName>(env: Env, names: readonly N[]): Values<N> {
  const given: Env = Object.fromEntries(Object.entries(env).filter(isSet));
  const shape = Object.fromEntries(names.map((name) => [name, VARIABLES[name]]));
  const result = z.object(shape).safeParse(given);
  if (result.success) return result.data as Values<N>;
  const bad = new Set(result.error.issues.map((issue) => issue.path[0] as VariableName));
  throw new ConfigError([...bad].map((name) => complaint(name, given)).join('; '));
}
