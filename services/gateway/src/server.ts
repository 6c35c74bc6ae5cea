import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

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
/**
 * Who is being answered. Node closes idle connections by itself, but counts those among the busy that have not sent a
 * request yet, as browsers and load balancers open them in advance.
 */
class Connections {
  private readonly requests = new Map<Socket, number>();
  private draining = false;

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.requests.set(socket, 0);
      socket.once('close', () => this.requests.delete(socket));
    });
    server.on('request', ({ socket }: IncomingMessage, res: ServerResponse) => {
      this.count(socket, 1);
      res.once('close', () => this.count(socket, -1));
    });
  }

  /** Ends each connection as soon as it has no request. */
  drain(): void {
    this.draining = true;
    for (const socket of this.requests.keys()) this.count(socket, 0);
  }

  private count(socket: Socket, change: number): void {
    const before = this.requests.get(socket);
    if (before === undefined) return;
    this.requests.set(socket, before + change);
    if (this.draining && before + change === 0) socket.destroySoon();
  }
}

async function drain(server: Server, connections: Connections, timeoutMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  connections.drain();
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
  await closed;
  clearTimeout(cut);
}

/** @throws Error when the port is taken */
export async function startServer(listener: RequestListener, { host, port }: ListenOptions): Promise<GatewayServer> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS }, listener);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  const connections = new Connections(server);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    drain: (timeoutMs) => drain(server, connections, timeoutMs),
  };
}
