/** `npm run eden -- …`: the command line of this clone, which is installed and built when it has not been. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './ensure-installed.mjs';
import { installAndBuild } from './prepare.mjs';

const MAIN = join(ROOT, 'packages', 'cli', 'dist', 'main.js');

/** What the steps say is talk: stdout is for the data that was asked for. */
async function prepare() {
  console.log = console.error;
  return existsSync(MAIN) || (await installAndBuild());
}

if (await prepare()) {
  // npm has changed to the root of this clone; the user stands elsewhere.
  process.chdir(process.env.INIT_CWD ?? process.cwd());
  await import(MAIN);
} else process.exitCode = 1;
