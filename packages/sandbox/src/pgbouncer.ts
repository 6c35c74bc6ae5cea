import { once } from 'node:events';
import { chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManagedProcess } from './managed-process.js';
import { startOnFreePort } from './ports.js';
import type { Premises } from './premises.js';
import { probe, waitUntilReady } from './readiness.js';
import { findServer } from './server-package.js';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 20_000;

export interface PgBouncerOptions {
  readonly name: string;
  /** The server behind it, and the one account that it lets in. */
  readonly server: {
    readonly host: string;
    readonly port: number;
    readonly username: string;
    readonly password: string;
  };
  readonly mode: 'transaction' | 'session';
  /** Further lines of `[pgbouncer]`. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/**
 * EDEN_PGBOUNCER_BIN, else `pgbouncer` from PATH, else root installs it from its system's packages.
 * @throws with the one command that helps.
 */
export function findPgBouncer(): Promise<string> {
  const packages = { 'apt-get': 'pgbouncer', dnf: 'pgbouncer', apk: 'pgbouncer', brew: 'pgbouncer' };
  return findServer({ programs: ['pgbouncer'], variable: 'EDEN_PGBOUNCER_BIN', packages });
}

/** A PgBouncer of our own, for all databases of one server. */
export class PgBouncer {
  readonly host = HOST;
  private process: ManagedProcess | undefined;
  private ownPort = 0;

  private constructor(
    private readonly binary: string,
    private readonly premises: Premises,
    private readonly options: PgBouncerOptions,
  ) {}

  /** @throws StartError with the end of its log when it does not come up. */
  static async start(binary: string, premises: Premises, options: PgBouncerOptions): Promise<PgBouncer> {
    const pooler = new PgBouncer(binary, premises, options);
    await startOnFreePort((port) => pooler.startOn(port));
    return pooler;
  }

  get port(): number {
    return this.ownPort;
  }

  /** The same database, through the pooler. */
  through(url: string): string {
    return Object.assign(new URL(url), { host: `${HOST}:${this.ownPort}` }).href;
  }

  async kill(): Promise<void> {
    await this.process?.kill();
  }

  /** Starts it again on its port, whether it runs or was killed. */
  async restart(): Promise<void> {
    await this.kill();
    await this.startOn(this.ownPort);
  }

  private async startOn(port: number): Promise<void> {
    this.ownPort = port;
    const { name, server } = this.options;
    const users = await this.write(`${name}.users`, `"${server.username}" "${server.password}"\n`);
    const file = await this.write(`${name}.ini`, this.configuration(users));
    const { folder: cwd, account, launch } = this.premises;
    const process = await launch({ name, command: this.binary, args: [file], cwd, account });
    this.process = process;
    await waitUntilReady(process, () => listens(port), START_TIMEOUT_MS);
  }

  private configuration(users: string): string {
    const { server, mode, settings = {} } = this.options;
    const lines = {
      ...{ listen_addr: HOST, listen_port: this.ownPort, unix_socket_dir: '' },
      ...{ auth_type: 'scram-sha-256', auth_file: users },
      ...{ pool_mode: mode, max_client_conn: 500 },
      ...settings,
    };
    const text = Object.entries(lines).map(([name, value]) => `${name} = ${value}\n`);
    return `[databases]\n* = host=${server.host} port=${server.port}\n[pgbouncer]\n${text.join('')}`;
  }

  private async write(name: string, text: string): Promise<string> {
    const { folder, account } = this.premises;
    const file = join(folder, name);
    await writeFile(file, text, { mode: 0o600 });
    if (account !== undefined) await chown(file, account.uid, account.gid);
    return file;
  }
}

function listens(port: number): Promise<boolean> {
  return probe(HOST, port, async (socket) => {
    await once(socket, 'connect');
    return true;
  });
}
