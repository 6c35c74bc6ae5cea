import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Contention, Report } from './contender.js';

const CONTENDER = fileURLToPath(new URL('contender.ts', import.meta.url));
const HOOKS = new URL('register-hooks.js', import.meta.url).href;

/** A process of its own: connects, reports `ready`, and contends for a lock from `go` on. */
export class Contender {
  private readonly child = fork(CONTENDER, { execArgv: ['--conditions=source', '--import', HOOKS] });

  constructor(contention: Contention) {
    this.child.send(contention);
  }

  go(): void {
    this.child.send('go');
  }

  /** @throws when the process reports something else or ends. */
  async hears(expected: Report): Promise<void> {
    const ended = once(this.child, 'exit').then(() => ['exit']);
    const [report] = (await Promise.race([once(this.child, 'message'), ended])) as unknown[];
    if (report !== expected) throw new Error(`the contender reports ${String(report)}, not ${expected}`);
  }

  /** Without a chance to release anything. */
  async kill(): Promise<void> {
    const exited = once(this.child, 'exit');
    if (this.child.kill('SIGKILL')) await exited;
  }
}
