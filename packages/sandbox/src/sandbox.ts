import { chown, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { serverAccount, type Account } from './account.js';
import { Guard } from './guard.js';
import { ManagedProcess, type ProcessOptions } from './managed-process.js';
import { findMariaDb } from './mariadb-binary.js';
import { MariaDbServer, type MariaDbOptions } from './mariadb-server.js';
import { OwnerRecord, removeLeftovers } from './owner-record.js';
import { findPgBouncer, PgBouncer, type PgBouncerOptions } from './pgbouncer.js';
import { findPostgres } from './postgres-binaries.js';
import { PostgresServer, type PostgresOptions } from './postgres-server.js';
import type { Premises } from './premises.js';
import { findRedis } from './redis-binary.js';
import { keptFolder } from './kept-folder.js';
import { RedisServer, type RedisOptions } from './redis-server.js';
import { temporaryFolder } from './temporary-folder.js';

export interface SandboxOptions {
  /** Where its servers have their data, which then stays when the sandbox ends. Default: in its own folder, until then. */
  readonly keepIn?: string;
}

/**
 * Private servers and processes in a private folder. All of it ends with `stop()`, and also when this process ends in
 * any other way, kill -9 included (see Guard); nothing that the sandbox did not start is ever touched.
 */
export class Sandbox {
  private readonly started: ManagedProcess[] = [];

  private constructor(
    private readonly record: OwnerRecord,
    private readonly guard: Guard,
    private readonly premises: Premises,
    private readonly keepsData: boolean,
  ) {}

  /** A sandbox in a new folder below `directory`. First removes what owners that died left there. */
  static async create(directory: string, { keepIn }: SandboxOptions = {}): Promise<Sandbox> {
    const record = await OwnerRecord.createIn(resolve(directory));
    await removeLeftovers(resolve(directory));
    const guard = await Guard.start();
    guard.removeAtEnd(record.folder);
    const account = await serverAccount();
    const folder = keepIn === undefined ? await folderOf(account, record, guard) : await keptFolder(keepIn, account);
    const premises: Premises = { folder, account, launch: (options) => sandbox.startProcess(options) };
    const sandbox = new Sandbox(record, guard, premises, keepIn !== undefined);
    return sandbox;
  }

  /** Holds the logs (`<name>.log`) and, unless this process is root, the data. Gone after `stop()`. */
  get folder(): string {
    return this.record.folder;
  }

  /** The processes that run at this moment. */
  get processes(): readonly ManagedProcess[] {
    return this.started.filter((process) => process.running);
  }

  async startPostgres(options: PostgresOptions): Promise<PostgresServer> {
    const binaries = options.binaries ?? (await findPostgres(this.premises.account));
    return PostgresServer.start(binaries, this.premises, options);
  }

  async startRedis(options: RedisOptions): Promise<RedisServer> {
    return RedisServer.start(await findRedis(), this.premises, options);
  }

  async startMariaDb(options: MariaDbOptions): Promise<MariaDbServer> {
    return MariaDbServer.start(await findMariaDb(), this.premises, options);
  }

  async startPgBouncer(options: PgBouncerOptions): Promise<PgBouncer> {
    return PgBouncer.start(await findPgBouncer(), this.premises, options);
  }

  /** Any other program, under the same care: a gateway, a worker, a load generator. */
  async startProcess(options: ProcessOptions): Promise<ManagedProcess> {
    const process = await ManagedProcess.start(options, join(this.folder, `${options.name}.log`));
    this.guard.watch(process.pid);
    this.record.addProcess(process.pid);
    this.started.push(process);
    process.onExit(() => this.release(process.pid));
    return process;
  }

  /** Keeps this process alive, which what it has started does not. @throws Error when any of that ends by itself */
  async watch(): Promise<never> {
    const ended = this.processes.map(async (process) => {
      await process.waitForExit();
      return process.name;
    });
    throw new Error(`${await Promise.race(ended)} has ended`);
  }

  /** The ends of the logs of everything that runs. */
  async describeLogs(): Promise<string> {
    const logs = this.processes.map(
      async (process) => `--- ${process.name}\n${(await process.readLog()).slice(-2_000)}`,
    );
    return `${(await Promise.all(logs)).join('\n')}\n`;
  }

  /** Ends everything, the latest first, and removes the folder; data that is to be kept stays. */
  async stop(): Promise<void> {
    for (const process of this.started.toReversed()) await process.stop();
    if (!this.keepsData) await rm(this.premises.folder, { recursive: true, force: true });
    await this.guard.dismiss();
  }

  private release(pid: number): void {
    this.guard.forget(pid);
    this.record.removeProcess(pid);
  }
}

/** Where PostgreSQL may write; for an `account` elsewhere, as this process' own folders may be closed to it. */
async function folderOf(account: Account | undefined, record: OwnerRecord, guard: Guard): Promise<string> {
  if (account === undefined) return record.folder;
  const folder = await mkdtemp(join(await temporaryFolder(), 'eden-sandbox-'));
  guard.removeAtEnd(folder);
  record.addFolder(folder);
  await chown(folder, account.uid, account.gid);
  return folder;
}
