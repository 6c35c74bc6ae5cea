/** `npm run test:tools`: installs the programs of other migration tools, and asks each whether it is content with our work. */
import { join } from 'node:path';
import process from 'node:process';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';
import { runJest } from './run-jest.mjs';
import { runStep } from './steps.mjs';

const args = ['ci', '--ignore-scripts', '--prefix', join(ROOT, 'tests', 'tools')];
const isReady = (await installAndBuild()) && (await runStep({ name: 'tools', command: 'npm', args }));
process.exitCode = isReady ? await runJest(['--selectProjects', 'tools', ...process.argv.slice(2)]) : 1;
