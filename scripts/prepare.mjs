import { ensureInstalled } from './ensure-installed.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { runStep } from './steps.mjs';

/**
 * From a fresh clone to something that runs: installs what is missing and builds what has changed.
 * Resolves to whether that went well; what went wrong has been printed.
 */
export function installAndBuild() {
  return installAndRun('build');
}

/** Enough for the static checks: packages and generated sources. */
export function installAndGenerate() {
  return installAndRun('generate');
}

async function installAndRun(script) {
  return oneAtATime('build', async () => {
    return ensureInstalled() && (await runStep({ name: script, command: 'npm', args: ['run', script] }));
  });
}
