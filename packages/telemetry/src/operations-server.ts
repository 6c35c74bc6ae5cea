import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { MetricsSource } from './telemetry.js';

export interface OperationsServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly metrics: MetricsSource;
  readonly log: Logger;
  /** Rejects while the process cannot do its work. */
  readonly checkReadiness: () => Promise<void>;
}

export interface OperationsServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

function json(status: number, body: object): Answer {
  return { status, contentType: 'application/json', text: JSON.stringify(body) };
}

async function readiness({ checkReadiness, log }: OperationsServerOptions): Promise<Answer> {
  try {
    await checkReadiness();
    return json(200, { status: 'ready' });
  } catch (error) {
    log.warn('not ready', { error });
    return json(503, { status: 'not ready', ...(error instanceof EdenError ? error.context : {}) });
  }
}

async function answer(options: OperationsServerOptions, { method, url = '' }: IncomingMessage): Promise<Answer> {
  const path = method === 'GET' || method === 'HEAD' ? String(url.split('?')[0]) : '';
  switch (path) {
    case '/healthz':
      return json(200, { status: 'ok' });
    case '/readyz':
      return readiness(options);
    case '/metrics':
      return { status: 200, contentType: options.metrics.contentType, text: await options.metrics.metricsText() };
    default:
      return json(404, { error: 'Route not found' });
  }
}

async function respond(options: OperationsServerOptions, req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    const { status, contentType, text } = await answer(options, req);
    res.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) });
    res.end(req.method === 'HEAD' ? undefined : text);
  } catch (error) {
    options.log.error('operations request failed', { error });
    res.writeHead(500).end();
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

/**
 * `/metrics`, `/healthz` and `/readyz` of a process that has no HTTP interface of its own.
 * @throws Error when the port is taken
 */
export async function startOperationsServer(options: OperationsServerOptions): Promise<OperationsServer> {
  const server = createServer((req, res) => void respond(options, req, res));
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => closed(server) };
}
