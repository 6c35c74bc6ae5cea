/** `npm run test:images`: carries out the Dockerfile's builds without an engine, and starts what they made. */
import { installAndBuild } from './prepare.mjs';
import { runJest } from './run-jest.mjs';

const args = ['--selectProjects', 'unit', '--', 'tests/deployment/image.test.ts', ...process.argv.slice(2)];
process.exitCode = (await installAndBuild())
  ? await runJest(args, { env: { ...process.env, EDEN_TEST_IMAGES: '1' } })
  : 1;
