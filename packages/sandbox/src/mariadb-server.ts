import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ManagedProcess } from './managed-process.js';
import type { MariaDbPrograms } from './mariadb-binary.js';
import { startOnFreePort } from './ports.js';
import type { Superuser } from './postgres-server.js';
import type { Premises } from './premises.js';
import { probe, waitUntilReady } from './readiness.js';

const run = promisify(execFile);
const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 60_000;

/** Small files, and nothing forced to disk: the data outlives the server, and not the machine. */
const SMALL = ['--innodb-log-file-size=4M', '--innodb-flush-log-at-trx-commit=2', '--innodb-flush-method=nosync'];

export interface MariaDbOptions {
  readonly name: string;
  /** Further arguments of mariadbd, such as `--read-only=1`. */
  readonly args?: readonly string[];
}

/** A MariaDB of our own: 127.0.0.1 only, with a superuser of its own; root has no password that anybody knows. */
export class MariaDbServer {
  readonly host = HOST;
  readonly superuser: Superuser = { username: 'eden_test', password: randomBytes(18).toString('base64url') };
  readonly dataDirectory: string;
  private process: ManagedProcess | undefined;
  private ownPort = 0;

  private constructor(
    private readonly programs: MariaDbPrograms,
    private readonly premises: Premises,
    private readonly options: MariaDbOptions,
  ) {
    this.dataDirectory = join(premises.folder, options.name);
  }

  /** @throws StartError with the end of the server's log when it does not come up. */
  static async start(programs: MariaDbPrograms, premises: Premises, options: MariaDbOptions): Promise<MariaDbServer> {
    const server = new MariaDbServer(programs, premises, options);
    await server.initialize();
    await startOnFreePort((port) => server.startOn(port));
    return server;
  }

  get port(): number {
    return this.ownPort;
  }

  get pid(): number {
    return this.current.pid;
  }

  /** A connection string for the superuser. */
  url(database: string): string {
    const { username, password } = this.superuser;
    return `mariadb://${username}:${password}@${HOST}:${this.port}/${encodeURIComponent(database)}`;
  }

  async stop(): Promise<void> {
    await this.process?.stop();
  }

  /** As if it had died: the next start recovers from its log. */
  async crash(): Promise<void> {
    await this.process?.kill();
  }

  /** Starts the server again on its port, whether it runs, was stopped or has crashed. */
  async restart(): Promise<void> {
    await this.stop();
    await this.startOn(this.port);
  }

  private get current(): ManagedProcess {
    if (this.process === undefined) throw new Error(`${this.options.name} was never started`);
    return this.process;
  }

  private get accountsFile(): string {
    return join(this.premises.folder, `${this.options.name}.accounts.sql`);
  }

  private get folders(): readonly string[] {
    return [`--datadir=${this.dataDirectory}`, `--tmpdir=${this.temporaryFolder}`];
  }

  /** Of its own: a server that starts removes what others keep in a common one. */
  private get temporaryFolder(): string {
    return `${this.dataDirectory}.tmp`;
  }

  private async initialize(): Promise<void> {
    const { account, folder } = this.premises;
    for (const own of [this.dataDirectory, this.temporaryFolder]) {
      await mkdir(own, { mode: 0o700 });
      if (account !== undefined) await chown(own, account.uid, account.gid);
    }
    const form = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
    const args = ['--no-defaults', ...this.folders, ...form, ...SMALL];
    await run(this.programs.installer, args, { ...account, cwd: folder });
    await writeFile(this.accountsFile, this.accounts(), { mode: 0o600 });
    if (account !== undefined) await chown(this.accountsFile, account.uid, account.gid);
  }

  private accounts(): string {
    const { username, password } = this.superuser;
    return [
      `ALTER USER 'root'@'localhost' IDENTIFIED BY '${randomBytes(18).toString('base64url')}';`,
      `CREATE OR REPLACE USER '${username}'@'%' IDENTIFIED BY '${password}';`,
      `GRANT ALL ON *.* TO '${username}'@'%' WITH GRANT OPTION;`,
      '',
    ].join('\n');
  }

  private async startOn(port: number): Promise<void> {
    this.ownPort = port;
    const { name, args = [] } = this.options;
    const place = [...this.folders, `--port=${port}`, `--bind-address=${HOST}`];
    // A path of a socket may have 107 bytes at most, so it is named from the data folder.
    const files = ['--socket=server.sock', '--pid-file=server.pid', `--init-file=${this.accountsFile}`];
    const process = await this.premises.launch({
      name,
      command: this.programs.server,
      args: ['--no-defaults', ...place, ...files, '--skip-name-resolve', ...SMALL, ...args],
      cwd: this.dataDirectory,
      account: this.premises.account,
    });
    this.process = process;
    await waitUntilReady(process, async () => (await saysReady(process)) && greets(port), START_TIMEOUT_MS);
  }
}

/** Behind recovery and the accounts; the log holds earlier starts as well. */
async function saysReady(process: ManagedProcess): Promise<boolean> {
  const log = await process.readLog();
  const start = log.lastIndexOf(` as process ${process.pid}`);
  return start >= 0 && log.includes('ready for connections', start);
}

function greets(port: number): Promise<boolean> {
  return probe(HOST, port, async (socket) => {
    await once(socket, 'data');
    return true;
  });
}
