import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { ActiveRequests } from './http/active-requests.js';

export interface ListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface GatewayServer {
  readonly port: number;
  /** Takes no more connections, lets requests finish for at most `timeoutMs`, then cuts what is left. */
  drain(timeoutMs: number): Promise<void>;
}

/** Longer than the idle limit of common load balancers (60 s), so that they never meet a connection we just closed. */
const KEEP_ALIVE_MS = 75_000;
/** Node wants it longer than the keep-alive. */
const HEADERS_TIMEOUT_MS = 80_000;
/** For one request to arrive as a whole, not for its answer. */
const REQUEST_TIMEOUT_MS = 120_000;
/** A connection turns idle after the answer that was on its way when we began to drain. */
const IDLE_SWEEP_MS = 50;

async function drain(server: Server, requests: ActiveRequests, timeoutMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  requests.drain();
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

/** @throws Error when the port is taken */
export async function startServer(
  app: Express,
  requests: ActiveRequests,
  { host, port }: ListenOptions,
): Promise<GatewayServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS }, app);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    drain: (timeoutMs) => drain(server, requests, timeoutMs),
  };
}
