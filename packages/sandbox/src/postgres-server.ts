import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { takeBaseBackup } from './base-backup.js';
import type { ManagedProcess } from './managed-process.js';
import { startOnFreePort } from './ports.js';
import { NOT_DURABLE_INITDB, renderSettings, settingsFor, type PostgresSettings } from './postgres-settings.js';
import type { Premises } from './premises.js';
import { waitUntilReady } from './readiness.js';

const run = promisify(execFile);
const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 60_000;

export interface PostgresOptions {
  readonly name: string;
  /** Lines of postgresql.conf that override ours, such as `{ max_prepared_transactions: '0' }`. */
  readonly settings?: PostgresSettings;
  /** Whether the data outlives a crash of the machine (fsync). Default: true. */
  readonly durable?: boolean;
  /** Of data that is kept from one start to the next. Default: a new one. */
  readonly superuser?: Superuser;
  /** Where clients of kept data look for it. Default: any free one. */
  readonly port?: number;
  /** Folder of the server's programs. Default: where `findPostgres` finds them. */
  readonly binaries?: string;
}

export interface StandbyOptions {
  readonly name: string;
  /** Where it gets the log from: the primary's port, or that of something in between. */
  readonly replicationPort: number;
}

export interface Superuser {
  readonly username: string;
  readonly password: string;
}

/** A PostgreSQL cluster of our own: 127.0.0.1 only, no Unix socket, password authentication (SCRAM). */
export class PostgresServer {
  readonly host = HOST;
  readonly dataDirectory: string;
  private process: ManagedProcess | undefined;
  private ownPort = 0;
  private settings: PostgresSettings;

  private constructor(
    private readonly binaries: string,
    private readonly premises: Premises,
    private readonly options: PostgresOptions,
    readonly superuser: Superuser = options.superuser ?? newSuperuser(),
  ) {
    this.dataDirectory = join(premises.folder, options.name);
    this.settings = settingsFor(this.isDurable, options.settings ?? {});
  }

  /** @throws StartError with the end of the server's log when it does not come up. */
  static async start(binaries: string, premises: Premises, options: PostgresOptions): Promise<PostgresServer> {
    const server = new PostgresServer(binaries, premises, options);
    await server.initializeOnce();
    if (options.port === undefined) await startOnFreePort((port) => server.startOn(port));
    else await server.startOn(options.port);
    return server;
  }

  /** A base backup of this server, as one more that runs: the same data, system identifier and superuser. */
  async clone(name: string): Promise<PostgresServer> {
    const copy = await this.copy(name);
    await startOnFreePort((port) => copy.startOn(port));
    return copy;
  }

  /** As `clone`, but it stays in recovery and can only be read; it follows nobody. */
  async cloneAsStandby(name: string): Promise<PostgresServer> {
    const copy = await this.copy(name);
    await copy.write(join(copy.dataDirectory, 'standby.signal'), '');
    await startOnFreePort((port) => copy.startOn(port));
    return copy;
  }

  private async copy(name: string): Promise<PostgresServer> {
    const copy = new PostgresServer(this.binaries, this.premises, { ...this.options, name }, this.superuser);
    await takeBaseBackup(this.url(), { from: this.dataDirectory, to: copy.dataDirectory }, this.premises.account);
    return copy;
  }

  /** A streaming, asynchronous standby of this server, which is stopped for as long as its files are copied. */
  async startStandby({ name, replicationPort }: StandbyOptions): Promise<PostgresServer> {
    const { binaries, premises, superuser } = this;
    const standby = new PostgresServer(binaries, premises, { ...this.options, name }, superuser);
    await this.stop();
    const { account, folder } = premises;
    await run('cp', ['-a', this.dataDirectory, standby.dataDirectory], { ...account, cwd: folder });
    await this.startOn(this.port);
    await standby.write(join(standby.dataDirectory, 'standby.signal'), '');
    const { username, password } = superuser;
    const primary = `host=${HOST} port=${replicationPort} user=${username} password=${password}`;
    standby.settings = { ...this.settings, primary_conninfo: primary };
    await startOnFreePort((port) => standby.startOn(port));
    return standby;
  }

  /** Makes a primary of a standby, on a timeline of its own, with what it has received until now. */
  async promote(): Promise<void> {
    const { account, folder } = this.premises;
    const args = ['promote', '--wait', '--pgdata', this.dataDirectory];
    await run(join(this.binaries, 'pg_ctl'), args, { ...account, cwd: folder, env: serverEnvironment() });
  }

  get port(): number {
    return this.ownPort;
  }

  /** Of the postmaster. */
  get pid(): number {
    return this.running.pid;
  }

  /** A connection string for the superuser. */
  url(database = 'postgres'): string {
    const { username, password } = this.superuser;
    return `postgresql://${username}:${password}@${HOST}:${this.port}/${encodeURIComponent(database)}`;
  }

  /** PostgreSQL's fast shutdown: open transactions are rolled back, prepared ones stay. */
  async stop(): Promise<void> {
    await this.process?.stop();
  }

  /** PostgreSQL's immediate shutdown, as if it had died: the next start recovers from its log. */
  async crash(): Promise<void> {
    await this.process?.kill('SIGQUIT');
  }

  /** Starts the server again on its port, whether it runs, was stopped or has crashed; with changed settings if given. */
  async restart(settings: PostgresSettings = {}): Promise<void> {
    await this.stop();
    this.settings = { ...this.settings, ...settings };
    await this.startOn(this.port);
  }

  private get isDurable(): boolean {
    return this.options.durable ?? true;
  }

  private get running(): ManagedProcess {
    if (this.process === undefined) throw new Error(`${this.options.name} is not running`);
    return this.process;
  }

  /** Creates a database unless it is there. */
  async ensureDatabase(name: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.url() });
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    } finally {
      await client.end();
    }
  }

  /** Kept data stays. What a start that was ended in the middle has left is none: the mark comes last. */
  private async initializeOnce(): Promise<void> {
    const mark = `${this.dataDirectory}.initialized`;
    if (existsSync(mark)) return;
    await rm(this.dataDirectory, { recursive: true, force: true });
    await this.initialize();
    await this.write(mark, '');
  }

  private async initialize(): Promise<void> {
    const { folder, account } = this.premises;
    await mkdir(this.dataDirectory, { mode: 0o700 });
    if (account !== undefined) await chown(this.dataDirectory, account.uid, account.gid);
    const passwordFile = join(folder, `${this.options.name}.password`);
    await this.write(passwordFile, this.superuser.password);
    const identity = ['--username', this.superuser.username, '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
    const form = ['--encoding', 'UTF8', '--no-locale', '--no-instructions'];
    const args = ['--pgdata', this.dataDirectory, ...identity, ...form, ...(this.isDurable ? [] : NOT_DURABLE_INITDB)];
    await run(join(this.binaries, 'initdb'), args, { ...account, cwd: folder, env: serverEnvironment() });
    await rm(passwordFile);
  }

  private async startOn(port: number): Promise<void> {
    this.ownPort = port;
    await this.write(join(this.dataDirectory, 'postgresql.conf'), renderSettings(this.settings, port));
    const process = await this.premises.launch({
      name: this.options.name,
      command: join(this.binaries, 'postgres'),
      args: ['-D', this.dataDirectory],
      cwd: this.dataDirectory,
      env: serverEnvironment(),
      account: this.premises.account,
      stopSignal: 'SIGINT',
    });
    this.process = process;
    await waitUntilReady(process, () => this.saysReady(process.pid), START_TIMEOUT_MS);
  }

  /** Writes a file that only the server's account can read. */
  private async write(file: string, content: string): Promise<void> {
    const { account } = this.premises;
    await writeFile(file, content, { mode: 0o600 });
    if (account !== undefined) await chown(file, account.uid, account.gid);
  }

  /** As pg_ctl does: the postmaster writes its pid in line 1 of postmaster.pid, and its state in line 8. */
  private async saysReady(pid: number): Promise<boolean> {
    const content = await readFile(join(this.dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '');
    const lines = content.split('\n');
    return lines[0] === String(pid) && ['ready', 'standby'].includes(lines[7]?.trim() ?? '');
  }
}

function newSuperuser(): Superuser {
  return { username: 'postgres', password: randomBytes(18).toString('base64url') };
}

/** Nothing of the caller's PGDATA, PGPORT, PGOPTIONS or locale may reach our server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' };
}
