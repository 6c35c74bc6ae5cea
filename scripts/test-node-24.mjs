/**
 * `npm run test:node-24`: the unit tests and the guide's own requests on Node 24, which npm has as a package, whatever Node this
 * machine has. Gateways and workers run on it, too.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { ROOT } from './ensure-installed.mjs';
import { runStep } from './steps.mjs';

const PACKAGE = `node-${process.platform}-${process.arch}`;
const FOLDER = join(ROOT, '.eden', 'node-24');
const NODE = join(FOLDER, 'node_modules', PACKAGE, 'bin', 'node');

function install() {
  mkdirSync(FOLDER, { recursive: true });
  const args = ['install', '--prefix', FOLDER, '--no-save', '--no-audit', '--no-fund', '--force', `${PACKAGE}@24`];
  return runStep({ name: 'Node 24', command: 'npm', args });
}

async function test() {
  const args = [
    join(import.meta.dirname, 'test.mjs'),
    '--selectProjects',
    'unit',
    'e2e',
    '--',
    '/src/',
    'tests/guide/',
  ];
  const env = { ...process.env, PATH: `${dirname(NODE)}${delimiter}${process.env.PATH}` };
  const child = spawn(NODE, [...args, ...process.argv.slice(2)], { cwd: ROOT, env, stdio: 'inherit' });
  const [exitCode] = await once(child, 'close');
  return exitCode ?? 1;
}

process.exitCode = existsSync(NODE) || (await install()) ? await test() : 1;
