import type { Env } from './env.js';
import { processEnv } from './env.js';
import { readVariables } from './read-variables.js';
import { sealed } from './secrets.js';

/** What `npm run db:deploy` needs. */
export interface DeployConfig {
  readonly installationName: string | undefined;
  readonly secrets: { readonly databaseUrl: string; readonly databaseDirectUrl: string | undefined };
}

/** @throws ConfigError */
export function loadDeployConfig(env: Env = processEnv()): DeployConfig {
  const values = readVariables(env, ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'EDEN_INSTALLATION']);
  return {
    installationName: values.EDEN_INSTALLATION,
    secrets: sealed({ databaseUrl: values.DATABASE_URL, databaseDirectUrl: values.DATABASE_DIRECT_URL }),
  };
}
