import type { ManagedProcess } from '@eden/sandbox';
import { waitUntilReady } from '@eden/sandbox';
import { reportOnFailure } from './test-file.js';

const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 5_000;

/** One line of a process's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A gateway or a worker: a real process of its own. */
export class ClusterMember {
  private constructor(
    readonly process: ManagedProcess,
    /** Where it serves HTTP: everything (gateway), or health and metrics (worker). */
    readonly url: string,
  ) {}

  /** @throws StartError with the end of its log when it ends, or is not ready, in time. */
  static async whenReady(process: ManagedProcess, url: string): Promise<ClusterMember> {
    reportOnFailure(async () => `${process.name} (pid ${process.pid}) wrote\n${await process.readLog()}`);
    await waitUntilReady(process, () => answersReady(url), READY_TIMEOUT_MS);
    return new ClusterMember(process, url);
  }

  get name(): string {
    return this.process.name;
  }

  get pid(): number {
    return this.process.pid;
  }

  /** SIGSTOP. */
  freeze(): void {
    this.process.freeze();
  }

  thaw(): void {
    this.process.thaw();
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.process.kill();
  }

  /**
   * SIGTERM: the process drains and ends by itself. Nothing happens when it has been killed before.
   * @throws when it ends with another exit code than 0, or has to be killed after `timeoutMs`.
   */
  async stop(timeoutMs = 30_000): Promise<void> {
    if (!this.process.running) return;
    const { code, signal } = await this.process.stop(timeoutMs);
    if (code !== 0) throw new Error(`${this.name} ended with ${signal ?? `exit code ${code}`} on SIGTERM`);
  }

  /** The JSON lines it has logged so far. */
  async logs(): Promise<LogLine[]> {
    const lines = (await this.process.readLog()).split('\n');
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  }
}

async function answersReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).ok;
  } catch {
    return false;
  }
}
