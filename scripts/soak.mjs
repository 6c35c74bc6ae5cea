/** `npm run soak -- --minutes N`: the fuzzer of the crash tests for as long as it is told (default 10 minutes). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';

const NODE_FLAGS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

async function soak(minutes) {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const args = ['--selectProjects', 'crash', '--testPathPatterns', 'fuzzer'];
  const child = spawn(process.execPath, [...NODE_FLAGS, jest, ...args], {
    cwd: ROOT,
    env: { ...process.env, EDEN_SOAK_MINUTES: String(minutes) },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [exitCode] = await once(child, 'close');
  return exitCode ?? 1;
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new RangeError('--minutes takes a positive number');
process.exitCode = (await installAndBuild()) ? await soak(minutes) : 1;
