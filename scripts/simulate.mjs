/** `npm run simulate -- …`: the engine under the seeded simulator; its own words say what else it takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';

async function simulate(args) {
  const child = spawn(process.execPath, ['packages/simulation/dist/main.js', ...args], { cwd: ROOT, stdio: 'inherit' });
  const [exitCode] = await once(child, 'close');
  return exitCode ?? 1;
}

process.exitCode = (await installAndBuild()) ? await simulate(process.argv.slice(2)) : 1;
