import type { ListenOptions } from './server.js';
import { startServer } from './server.js';
import { createApp } from './app.js';
import type { GatewayContext } from './context.js';
import { ActiveRequests } from './http/active-requests.js';
import { frontOf } from './http/front.js';
import { OPERATIONS } from './routes/index.js';

export interface Gateway {
  readonly port: number;
  /** Finishes what it has, within 25 s, then closes its pools. */
  stop(): Promise<void>;
}

/** Less than the 30 s that orchestrators wait between SIGTERM and SIGKILL. */
const DRAIN_TIMEOUT_MS = 25_000;

/** A gateway that serves. @throws Error when the port is taken */
export async function startGateway({ deps, close }: GatewayContext, listen: ListenOptions): Promise<Gateway> {
  const requests = new ActiveRequests(deps.telemetry);
  const front = frontOf(createApp(deps, requests), { deps, requests, operations: OPERATIONS });
  const server = await startServer(front, listen).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  deps.telemetry.log.info('gateway listening', { host: listen.host, port: server.port });
  const stop = async (): Promise<void> => {
    deps.telemetry.log.info('gateway draining');
    requests.drain();
    await server.drain(DRAIN_TIMEOUT_MS);
    await close();
    deps.telemetry.log.info('gateway stopped');
  };
  return { port: server.port, stop };
}
