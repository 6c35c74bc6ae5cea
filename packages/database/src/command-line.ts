import process from 'node:process';
import { INSTALLATION_NAME } from '@eden/domain';
import type { PlaceOptions } from './places/adoption.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What a command of the control database is told by its environment. @throws Error when a variable is missing or bad */
export function placeOptions(env: Env): PlaceOptions {
  const { DATABASE_URL: url, DATABASE_DIRECT_URL: directUrl, EDEN_INSTALLATION: name } = env;
  if (url === undefined || url === '') throw new Error('DATABASE_URL is missing: expected postgresql://…');
  const installationName = name?.trim() || undefined;
  if (installationName !== undefined && !INSTALLATION_NAME.test(installationName))
    throw new Error('EDEN_INSTALLATION is not valid: expected a name of letters, digits, _ and - (at most 63)');
  return { url, directUrl: directUrl?.trim() || undefined, installationName };
}

/** Runs a command; what goes wrong becomes its exit code, and the reason on stderr. */
export async function commandLine(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    process.stderr.write(`${name} failed: ${reasonOf(error)}\n`);
    process.exitCode = 1;
  }
}

/** Never the connection string: neither pg nor the engine put it into a message. */
function reasonOf(error: unknown): string {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: { message?: string } };
  return [message || code || String(error), cause?.message].filter((part) => part !== undefined).join(': ');
}
