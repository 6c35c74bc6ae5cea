import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { atEndOfFile } from './test-file.js';

/** Whether this part of a reply is the one to lose. `request` is what the client has sent last on its connection. */
export type ReplyPredicate = (reply: Buffer, request: Buffer) => boolean;

interface Connection {
  readonly client: Socket;
  readonly target: Socket;
  request: Buffer;
  broken: boolean;
}

interface Drop {
  readonly matches: ReplyPredicate;
  readonly done: () => void;
}

/** A network between a client and a server on 127.0.0.1 that fails when it is told to. */
export class TcpProxy {
  private readonly connections = new Set<Connection>();
  private paused = false;
  private drop: Drop | undefined;

  readonly port: number;

  private constructor(
    private readonly server: Server,
    private targetPort: number,
  ) {
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (client) => this.accept(client));
  }

  static async start(targetPort: number): Promise<TcpProxy> {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpProxy(server, targetPort);
  }

  /** Nothing gets through any more, in either direction; connections stay open, new ones are accepted. */
  pause(): void {
    this.paused = true;
    this.pauseOpen();
  }

  /** Of all connections of this moment nothing gets through any more; new ones are as before. */
  pauseOpen(): void {
    for (const connection of this.connections) suspend(connection);
  }

  /** Goes on, and delivers what has waited. */
  resume(): void {
    this.paused = false;
    for (const connection of this.connections) flow(connection);
  }

  /**
   * Loses one reply: the first that matches never arrives, and its connection is reset. The request itself has been
   * carried out. Resolves when that has happened.
   */
  async dropReply(matches: ReplyPredicate): Promise<void> {
    return new Promise((resolve) => {
      this.drop = { matches, done: resolve };
    });
  }

  /** Resets all connections of this moment; new ones get through. */
  cut(): void {
    for (const connection of this.connections) reset(connection);
  }

  /** Resets all connections of this moment; new ones lead to another server. */
  leadTo(targetPort: number): void {
    this.targetPort = targetPort;
    this.cut();
  }

  /** Resets all connections and listens no more. */
  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  private accept(client: Socket): void {
    const connection: Connection = {
      client,
      target: connect(this.targetPort, '127.0.0.1'),
      request: Buffer.alloc(0),
      broken: false,
    };
    this.connections.add(connection);
    client.on('data', (request) => {
      connection.request = request;
      connection.target.write(request);
    });
    connection.target.on('data', (reply) => this.forward(reply, connection));
    this.endTogether(connection, client, connection.target);
    this.endTogether(connection, connection.target, client);
    if (this.paused) suspend(connection);
    else flow(connection);
  }

  private forward(reply: Buffer, connection: Connection): void {
    if (this.drop?.matches(reply, connection.request)) {
      const { done } = this.drop;
      this.drop = undefined;
      reset(connection);
      done();
    } else {
      connection.client.write(reply);
    }
  }

  private endTogether(connection: Connection, side: Socket, other: Socket): void {
    side.on('end', () => other.end());
    side.on('error', () => reset(connection));
    side.on('close', () => {
      other.end();
      if (other.destroyed) this.connections.delete(connection);
    });
  }
}

/** A proxy on a free port (`proxy.port`), stopped at the end of the test file. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const proxy = await TcpProxy.start(targetPort);
  atEndOfFile(() => proxy.stop());
  return proxy;
}

function suspend({ client, target }: Connection): void {
  client.pause();
  target.pause();
}

function flow({ client, target }: Connection): void {
  client.resume();
  target.resume();
}

/**
 * A socket that is saying goodbye is destroyed without RST: libuv refuses to reset it then, and Node keeps the handle
 * open and cannot exit any more.
 */
function reset(connection: Connection): void {
  if (connection.broken) return;
  connection.broken = true;
  for (const socket of [connection.client, connection.target]) {
    if (socket.writableEnded) socket.destroy();
    else if (!socket.destroyed) socket.resetAndDestroy();
  }
}
