/** `npm run test:locks [-- --minutes N]`: four processes take one lock after the other's, and no two may be inside at once. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import process from 'node:process';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';

const HOOKS = './packages/locking/src/testing/register-hooks.js';
const MAIN = join(ROOT, 'tests/locks/exclusion-main.ts');

async function run() {
  const args = ['--conditions=source', '--import', HOOKS, MAIN, ...process.argv.slice(2)];
  const [code] = await once(spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }), 'close');
  return code ?? 1;
}

process.exitCode = (await installAndBuild()) ? await run() : 1;
