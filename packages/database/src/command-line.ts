import process from 'node:process';
import type { PlaceOptions } from './places/adoption.js';

type Env = Readonly<Record<string, string | undefined>>;

/** What a command of the control database is told by its environment. @throws Error when DATABASE_URL is missing */
export function placeOptions({ DATABASE_URL: url, EDEN_INSTALLATION: name }: Env): PlaceOptions {
  if (url === undefined || url === '') throw new Error('DATABASE_URL is missing: expected postgresql://…');
  return { url, installationName: name?.trim() || undefined };
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
