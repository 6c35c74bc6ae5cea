/** `npm run demo`: installs, builds, and hands over to demo/. Ctrl-C reaches the demo, which stops what it started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';

async function runDemo(args) {
  const child = spawn(process.execPath, [join(ROOT, 'demo', 'dist', 'main.js'), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  const [exitCode] = await once(child, 'close');
  return exitCode ?? 1;
}

process.exitCode = (await installAndBuild()) ? await runDemo(process.argv.slice(2)) : 1;
