import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runProgram } from '../program.js';
import type { Surroundings } from '../surroundings.js';

/** What a call of the program has left. */
export interface Captured {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CaptureOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string;
  readonly isTTY?: boolean;
  /** Whether somebody types the input, in place of a pipe. */
  readonly isTyped?: boolean;
}

/** A folder of its own, where nobody else's config.toml lies. */
export function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'eden-cli-'));
}

/** Runs the program in this process and keeps what it writes. */
export async function capture(argv: readonly string[], options: CaptureOptions = {}): Promise<Captured> {
  const { surroundings, written } = surroundingsFor(options);
  const code = await runProgram(argv, surroundings);
  return { code, ...written() };
}

export function surroundingsFor({
  env = {},
  cwd = newFolder(),
  input = '',
  isTTY = false,
  isTyped = false,
}: CaptureOptions) {
  const chunks = { out: '', err: '' };
  const stream = (name: 'out' | 'err') => ({ isTTY, columns: 100, write: (text: string) => (chunks[name] += text) });
  const surroundings: Surroundings = {
    env: { XDG_CONFIG_HOME: cwd, ...env },
    cwd,
    home: cwd,
    stdin: Object.assign(Readable.from([input]), { isTTY: isTyped }),
    stdout: stream('out'),
    stderr: stream('err'),
    interrupt: new AbortController().signal,
  };
  return { surroundings, written: () => ({ ...chunks }) };
}
