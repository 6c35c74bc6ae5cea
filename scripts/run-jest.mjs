import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { ROOT } from './ensure-installed.mjs';

// Each file loads its modules anew, WebAssembly too: what V8 spends on optimizing that is a quarter of a file's processor time.
const NODE_FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--liftoff-only'];

/** Runs Jest with the arguments and the variables given; what it says on stdout may be left out. Resolves to the exit code. */
export async function runJest(args, { env = process.env, stdout = 'inherit' } = {}) {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const stdio = ['ignore', stdout, 'inherit'];
  const child = spawn(process.execPath, [...NODE_FLAGS, jest, ...args], { cwd: ROOT, env, stdio });
  const [exitCode] = await once(child, 'close');
  return exitCode ?? 1;
}

/** The lines of JSON that the suites have written into a file whose name a variable told them; none where no suite wrote any. */
export function readReport(file) {
  try {
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return [];
  }
}
