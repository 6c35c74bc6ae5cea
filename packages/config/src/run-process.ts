import process from 'node:process';
import { ConfigError } from './config-error.js';

/** What a service's main starts. */
export interface Service {
  /** Drains and closes everything; must end by itself. */
  stop(): Promise<void>;
}

/**
 * Starts a service and stops it on SIGTERM or SIGINT; a second signal ends the process at once.
 * A bad environment prints its one line; every failure sets exit code 1. A start that fails closes what it opened.
 */
export async function runProcess(start: () => Promise<Service>): Promise<void> {
  try {
    const service = await start();
    const stop = (): void => void stopOnce(service);
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? error.message : describe(error)}\n`);
    process.exitCode = 1;
  }
}

async function stopOnce(service: Service): Promise<void> {
  try {
    await service.stop();
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
