import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { eventually } from '@eden/testkit';

const MAIN = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'eden.js');

/** How a call of `eden` has ended. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A call that is still running. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Outcome>;
  /** What it has written so far. */
  written(): Pick<Outcome, 'out' | 'err'>;
  /** Resolves when it has written this to stderr. */
  says(text: string): Promise<void>;
}

export interface EdenOptions {
  readonly cwd: string;
  /** Beside PATH and HOME. */
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
}

/** The built command as a process of its own, without a terminal. */
export function startEden(argv: readonly string[], { cwd, env = {}, input = '' }: EdenOptions): Running {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, ...env },
  });
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  child.stdin.end(input);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...texts }));
  const says = (text: string): Promise<void> =>
    eventually(async () => {
      if (!texts.err.includes(text)) throw new Error(`eden ${argv.join(' ')} has written\n${texts.err}`);
    });
  return { child, ended, says, written: () => ({ ...texts }) };
}
