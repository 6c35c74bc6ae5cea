import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { StartError } from './readiness.js';

/**
 * Below the range that systems take the local ports of outgoing connections from (Linux 32768, BSD and macOS 49152):
 * a server that is restarted finds its port still free.
 */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;
const ATTEMPTS = 200;
const START_ATTEMPTS = 5;

/** A TCP port of 127.0.0.1 that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port between ${LOWEST_PORT} and ${HIGHEST_PORT}`);
}

/**
 * Starts something on a free port, and again on another one when somebody was faster in taking it.
 * @throws whatever `start` throws that is not about the port.
 */
export async function startOnFreePort(start: (port: number) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === START_ATTEMPTS || !isPortTaken(error)) throw error;
    }
  }
}

/** PostgreSQL and Redis both print the system's own words. */
function isPortTaken(error: unknown): boolean {
  return error instanceof StartError && error.log.includes('Address already in use');
}

/** Whether nobody listens on this port of 127.0.0.1 at this moment. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
