import { expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';

const HOOKS = join(import.meta.dirname, '..', '..', 'locking', 'src', 'testing', 'register-hooks.js');

/** The command from its sources, whose reader of `stream` has gone before it writes. */
async function codeWithout(stream: 'stdout' | 'stderr', ...argv: readonly string[]): Promise<unknown> {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, ['--conditions=source', '--import', HOOKS, main, ...argv]);
  child[stream].destroy();
  return (await once(child, 'close'))[0];
}

it.each([
  ['stdout', ['--help'], 0],
  ['stderr', ['status', '--color=allways'], 2],
] as const)('a reader of %s that has gone changes no exit code', async (stream, argv, code) => {
  expect(await codeWithout(stream, ...argv)).toBe(code);
});
