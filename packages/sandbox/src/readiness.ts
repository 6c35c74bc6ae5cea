import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ManagedProcess } from './managed-process.js';

const POLL_INTERVAL_MS = 20;
const LOG_LINES_IN_ERROR = 25;
const PROBE_TIMEOUT_MS = 1000;

/** A server that ended, or did not get ready in time. `log` is the end of what it wrote. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(
    message: string,
    readonly log: string,
  ) {
    super(`${message}\n${log}`);
  }
}

/**
 * Waits until `isReady` says so.
 * @throws StartError when the process ends first or `timeoutMs` is over.
 */
export async function waitUntilReady(
  process: ManagedProcess,
  isReady: () => Promise<boolean>,
  timeoutMs: number,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isReady())) {
    if (!process.running) throw await startError(process, 'ended while starting');
    if (performance.now() > deadline) throw await startError(process, `is not ready after ${timeoutMs} ms`);
    await delay(POLL_INTERVAL_MS);
  }
}

/** What `ask` finds over a new connection to the port; false when nobody is there, or nothing comes of it in time. */
export async function probe(host: string, port: number, ask: (socket: Socket) => Promise<boolean>): Promise<boolean> {
  const socket = connect({ host, port, timeout: PROBE_TIMEOUT_MS });
  // With an error: whoever waits for an event hears of that, and not of a mere close.
  socket.on('timeout', () => socket.destroy(new Error('no answer in time')));
  try {
    return await ask(socket);
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function startError(process: ManagedProcess, what: string): Promise<StartError> {
  const lines = (await process.readLog()).trimEnd().split('\n');
  return new StartError(`${process.name} ${what}`, lines.slice(-LOG_LINES_IN_ERROR).join('\n'));
}
