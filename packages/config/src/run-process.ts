import process from 'node:process';
import { ConfigError } from './config-error.js';

/** What a service's main starts. */
export interface Service {
  /** Drains and closes everything; must end by itself. */
  stop(): Promise<void>;
}

/** One stop may arrive as several signals: a terminal sends Ctrl-C to npm and to us, and npm sends its own on. */
const SAME_STOP_MS = 1_000;

/**
 * Starts a service and stops it on SIGTERM or SIGINT; a later second signal ends the process at once.
 * A bad environment prints its one line; every failure sets exit code 1. A start that fails closes what it opened.
 */
export async function runProcess(start: () => Promise<Service>): Promise<void> {
  try {
    const service = await start();
    onStopSignal(() => void stop(service));
  } catch (error) {
    process.stderr.write(`${error instanceof ConfigError ? error.message : describe(error)}\n`);
    process.exitCode = 1;
  }
}

function onStopSignal(stop: () => void): void {
  let stopping = false;
  const listener = (): void => {
    if (stopping) return;
    stopping = true;
    stop();
    setTimeout(() => process.off('SIGTERM', listener).off('SIGINT', listener), SAME_STOP_MS).unref();
  };
  process.on('SIGTERM', listener).on('SIGINT', listener);
}

async function stop(service: Service): Promise<void> {
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
