/** `npm run bench [-- NAME…]`: installs and builds the project, installs what bench/ compares with, and runs it. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';

const BENCH = join(ROOT, 'bench');

function run(command, args) {
  return spawnSync(command, args, { cwd: BENCH, stdio: 'inherit' }).status ?? 1;
}

process.exitCode =
  (await installAndBuild()) && run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']) === 0
    ? run(process.execPath, ['main.mjs', ...process.argv.slice(2)])
    : 1;
