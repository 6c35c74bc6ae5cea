/** `npm run test:failover`: whole servers are copied, fail over, and lose what they had acknowledged. Takes names of files behind `--`. */
import process from 'node:process';
import { installAndBuild } from './prepare.mjs';
import { runJest } from './run-jest.mjs';

const ARGS = ['--selectProjects', 'failover', '--', ...process.argv.slice(2)];

process.exitCode = (await installAndBuild())
  ? await runJest(ARGS, { env: { ...process.env, EDEN_FAILOVER_RUN: 'true' } })
  : 1;
