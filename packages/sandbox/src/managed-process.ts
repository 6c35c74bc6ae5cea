import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Account } from './account.js';

export interface ProcessOptions {
  /** Stands in error messages and names the log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the process. Default: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  readonly account?: Account | undefined;
  /** What asks this program for an orderly end. Default: SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
}

/** How a process ended: by its own exit code or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const STOP_TIMEOUT_MS = 30_000;

/**
 * A process that writes its output to a file, in a process group of its own: a Ctrl-C in the terminal reaches only
 * whoever started it, who then stops things in the right order.
 */
export class ManagedProcess {
  private readonly ended: Promise<Exit>;

  private constructor(
    private readonly child: ChildProcess,
    readonly name: string,
    readonly logFile: string,
    private readonly stopSignal: NodeJS.Signals,
  ) {
    this.ended = once(child, 'exit').then(([code, signal]: unknown[]) => ({ code, signal }) as Exit);
    child.unref();
  }

  /** @throws when the command cannot be executed. */
  static async start(options: ProcessOptions, logFile: string): Promise<ManagedProcess> {
    const log = openSync(logFile, 'a', 0o600);
    try {
      const child = spawn(options.command, options.args, {
        detached: true,
        stdio: ['ignore', log, log],
        env: options.env ?? process.env,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        ...(options.account ?? {}),
      });
      await once(child, 'spawn');
      return new ManagedProcess(child, options.name, logFile, options.stopSignal ?? 'SIGTERM');
    } finally {
      closeSync(log);
    }
  }

  get pid(): number {
    return this.child.pid as number;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Calls back when the process has ended. Unlike `waitForExit`, it does not keep this process alive until then. */
  onExit(listener: (exit: Exit) => void): void {
    void this.ended.then(listener);
  }

  async waitForExit(): Promise<Exit> {
    this.child.ref();
    return this.ended;
  }

  /** SIGSTOP: the process keeps its memory, locks and connections, and does nothing. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends the process without a chance to tidy up, and waits until it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    if (this.running) this.child.kill(signal);
    return this.waitForExit();
  }

  /** Asks for an orderly end; SIGKILL when the process is still there after `timeoutMs`. */
  async stop(timeoutMs = STOP_TIMEOUT_MS): Promise<Exit> {
    if (!this.running) return this.waitForExit();
    this.thaw();
    this.child.kill(this.stopSignal);
    const lastResort = setTimeout(() => this.child.kill('SIGKILL'), timeoutMs);
    try {
      return await this.waitForExit();
    } finally {
      clearTimeout(lastResort);
    }
  }

  /** Everything the process has written so far. */
  async readLog(): Promise<string> {
    return readFile(this.logFile, 'utf8');
  }
}
