import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CrashPoint } from '@eden/domain';
import { atEndOfFile, eventually } from '@eden/testkit';

/** kill -9, or a process that stops in its tracks and may go on later. */
export type FaultKind = 'SIGKILL' | 'SIGSTOP';

/** What shall happen to the first worker that reaches a point. */
export interface Fault {
  readonly point: CrashPoint;
  /** The number of the participant, where the point belongs to one. */
  readonly participant?: number;
  readonly kind: FaultKind;
}

/** The process that a fault has struck. */
export interface Strike {
  readonly pid: number;
  readonly at: Date;
}

/** Tells the workers of a cluster (worker-main.js) where to fall. A fault happens once, to whoever comes first. */
export class Faults {
  private constructor(readonly folder: string) {}

  static async create(): Promise<Faults> {
    const faults = new Faults(await mkdtemp(join(tmpdir(), 'eden-faults-')));
    for (const name of ['armed', 'struck']) await mkdir(join(faults.folder, name));
    atEndOfFile(() => rm(faults.folder, { recursive: true }));
    return faults;
  }

  async arm(fault: Fault): Promise<void> {
    await rm(this.pathOf(fault, 'struck'), { force: true });
    await writeFile(this.pathOf(fault, 'armed'), '');
  }

  isArmed(fault: Fault): boolean {
    return existsSync(this.pathOf(fault, 'armed'));
  }

  /** Takes a fault back; answers whether nobody had met it. */
  async disarm(fault: Fault): Promise<boolean> {
    try {
      await unlink(this.pathOf(fault, 'armed'));
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return false;
    }
  }

  /** Resolves when the fault has struck, and whoever it was stands still. */
  async struck(fault: Fault): Promise<Strike> {
    const path = this.pathOf(fault, 'struck');
    const read = async (): Promise<Strike> => {
      const pid = Number(await readFile(path, 'utf8'));
      if (pid === 0) throw new Error('not written yet');
      if (fault.kind === 'SIGSTOP') await assertStopped(pid);
      return { pid, at: (await stat(path)).mtime };
    };
    return eventually(read, { intervalMs: 10 });
  }

  private pathOf({ point, participant, kind }: Fault, folder: 'armed' | 'struck'): string {
    const place = participant === undefined ? point : `${point}.${participant}`;
    return join(this.folder, folder, `${place}.${kind}`);
  }
}

/** A process announces its fault before the signal: until it has stopped, to thaw it would be in vain. */
async function assertStopped(pid: number): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=', '-p', String(pid)]);
  if (!stdout.trim().startsWith('T')) throw new Error(`process ${pid} is not stopped but ${stdout}`);
}
