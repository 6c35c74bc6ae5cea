/** `npm run soak -- --minutes N`: the fuzzer of the crash tests for as long as it is told (default 10 minutes). */
import { parseArgs } from 'node:util';
import { installAndBuild } from './prepare.mjs';
import { runJest } from './run-jest.mjs';

function soak(minutes) {
  const args = ['--selectProjects', 'crash', '--testPathPatterns', 'fuzzer'];
  return runJest(args, { env: { ...process.env, EDEN_SOAK_MINUTES: String(minutes) } });
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new RangeError('--minutes takes a positive number');
process.exitCode = (await installAndBuild()) ? await soak(minutes) : 1;
