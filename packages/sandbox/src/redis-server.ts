import { once } from 'node:events';
import type { Exit, ManagedProcess } from './managed-process.js';
import { startOnFreePort } from './ports.js';
import type { Premises } from './premises.js';
import { probe, waitUntilReady } from './readiness.js';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 20_000;

export interface RedisOptions {
  readonly name: string;
  /** Further arguments of redis-server. */
  readonly args?: readonly string[];
  /** A file that Redis reads before its arguments; a sentinel writes it as well. */
  readonly configFile?: string;
}

/** A Redis of our own that keeps nothing on disk: after any restart it is empty. */
export class RedisServer {
  readonly host = HOST;
  private process: ManagedProcess | undefined;
  private ownPort = 0;

  private constructor(
    private readonly binary: string,
    private readonly premises: Premises,
    private readonly options: RedisOptions,
  ) {}

  /** @throws StartError with the end of the server's log when it does not come up. */
  static async start(binary: string, premises: Premises, options: RedisOptions): Promise<RedisServer> {
    const server = new RedisServer(binary, premises, options);
    await startOnFreePort((port) => server.startOn(port));
    return server;
  }

  get port(): number {
    return this.ownPort;
  }

  get url(): string {
    return `redis://${HOST}:${this.ownPort}`;
  }

  get pid(): number {
    return this.current.pid;
  }

  /** SIGSTOP: connections stay open and nobody answers. */
  freeze(): void {
    this.current.freeze();
  }

  thaw(): void {
    this.current.thaw();
  }

  async kill(): Promise<Exit> {
    return this.current.kill();
  }

  async stop(): Promise<Exit> {
    return this.current.stop();
  }

  /** Kills the server if it still runs and starts it again, empty, on its port. */
  async restartEmpty(): Promise<void> {
    await this.kill();
    await this.startOn(this.port);
  }

  private get current(): ManagedProcess {
    if (this.process === undefined) throw new Error(`${this.options.name} was never started`);
    return this.process;
  }

  private async startOn(port: number): Promise<void> {
    this.ownPort = port;
    const configFile = this.options.configFile === undefined ? [] : [this.options.configFile];
    const memoryOnly = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
    const process = await this.premises.launch({
      name: this.options.name,
      command: this.binary,
      args: [...configFile, '--port', String(port), '--bind', HOST, ...memoryOnly, ...(this.options.args ?? [])],
      cwd: this.premises.folder,
    });
    this.process = process;
    await waitUntilReady(process, () => answers(port, process.pid), START_TIMEOUT_MS);
  }
}

/** Whether the Redis on this port is the process with this pid, and not another one that took the port first. */
function answers(port: number, pid: number): Promise<boolean> {
  return probe(HOST, port, async (socket) => {
    await once(socket, 'connect');
    socket.write('INFO server\r\n');
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply.toString().includes(`process_id:${pid}\r\n`);
  });
}
