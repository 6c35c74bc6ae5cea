import { ensureInstalled } from './ensure-installed.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { runStep } from './steps.mjs';

/** From a fresh clone to something that runs: installs what is missing and builds what has changed. */
export async function installAndBuild() {
  await oneAtATime('build', async () => {
    ensureInstalled();
    if (!(await runStep({ name: 'build', command: 'npm', args: ['run', 'build'] })))
      throw new Error('The build failed');
  });
}

/** Enough for the static checks: packages and generated sources. */
export async function installAndGenerate() {
  await oneAtATime('build', async () => {
    ensureInstalled();
    if (!(await runStep({ name: 'generate', command: 'npm', args: ['run', 'generate'] }))) {
      throw new Error('Generating sources failed');
    }
  });
}
