import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Misbehaviour } from './misbehaviour.js';

/** Where a conversation goes wrong: everything before is a real PostgreSQL's. */
export type Place =
  /** Instead of the answer to the request for TLS. */
  | { readonly at: 'tls request' }
  /** Instead of the answer to the startup message; inside TLS, when it is asked for. */
  | { readonly at: 'startup' }
  /** Instead of the answer to the first message that holds `marker`. */
  | { readonly at: 'question'; readonly marker: string }
  /** Behind the right answer to it. */
  | { readonly at: 'answer'; readonly marker: string };

const TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const CREDENTIALS = readFileSync(new URL('certificate.pem', import.meta.url));

/** A PostgreSQL that goes wrong at one place, in every connection that gets there. */
export class HostileServer {
  private readonly sockets = new Set<Duplex>();
  readonly port: number;

  private constructor(
    private readonly server: Server,
    private readonly upstreamPort: number,
    private readonly place: Place,
    private readonly misbehave: Misbehaviour,
  ) {
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => {
      this.accept(socket);
    });
  }

  static async start(upstreamPort: number, place: Place, misbehave: Misbehaviour): Promise<HostileServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileServer(server, upstreamPort, place, misbehave);
  }

  /** Connections of clients that are still open: whoever was refused must have been let go. */
  get open(): number {
    return [...this.sockets].filter((socket) => !socket.destroyed).length;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    this.keep(socket);
    socket.once('data', (first: Buffer) => {
      if (!first.equals(TLS_REQUEST)) this.start(socket, first);
      else if (this.place.at === 'tls request') this.goWrong(socket);
      else this.upgrade(socket);
    });
  }

  private upgrade(socket: Socket): void {
    socket.write('S');
    const secure = new TLSSocket(socket, { isServer: true, key: CREDENTIALS, cert: CREDENTIALS });
    this.keep(secure);
    secure.once('data', (startup: Buffer) => {
      this.start(secure, startup);
    });
  }

  private start(client: Duplex, startup: Buffer): void {
    if (this.place.at === 'startup') this.goWrong(client);
    else this.relay(client, startup);
  }

  private relay(client: Duplex, startup: Buffer): void {
    const upstream = connect(this.upstreamPort, '127.0.0.1');
    this.keep(upstream);
    client.on('close', () => upstream.destroy());
    let wentWrong = false;
    const goWrong = (): void => {
      wentWrong = true;
      upstream.destroy();
      this.goWrong(client);
    };
    client.on('data', (asked: Buffer) => {
      if (wentWrong) return;
      if (!this.isAt(asked)) upstream.write(asked);
      else if (this.place.at === 'question') goWrong();
      else {
        upstream.once('data', () => setImmediate(goWrong));
        upstream.write(asked);
      }
    });
    upstream.on('data', (answer: Buffer) => client.write(answer));
    upstream.on('close', () => {
      if (!wentWrong) client.end();
    });
    upstream.write(startup);
  }

  private isAt(asked: Buffer): boolean {
    return 'marker' in this.place && asked.includes(this.place.marker);
  }

  /** Nothing that the client sends is looked at any more, unless the misbehaviour does. */
  private goWrong(client: Duplex): void {
    client.resume();
    this.misbehave(client);
  }

  private keep(socket: Duplex): void {
    this.sockets.add(socket);
    // Whoever is refused resets the connection.
    socket.on('error', () => socket.destroy());
  }
}
