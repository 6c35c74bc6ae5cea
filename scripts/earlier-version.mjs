import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './ensure-installed.mjs';
import { oneAtATime } from './one-at-a-time.mjs';
import { runStep } from './steps.mjs';

/** The commit whose processes have to work beside those of this one. */
const RECORDED = join(ROOT, 'tests', 'upgrade', 'earlier-version.json');
const FOLDER = join(ROOT, '.eden', 'upgrade');

function git(...args) {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/** The full name of the commit. @throws Error that says what to do, where this clone does not have it */
function resolveCommit(name) {
  try {
    return git('rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  } catch {
    throw new Error(reasonForMissing(name));
  }
}

function reasonForMissing(name) {
  if (!isClone()) return `this is no Git clone, so the earlier commit ${name} cannot be had: clone the repository`;
  if (git('rev-parse', '--is-shallow-repository') === 'true')
    return `this clone is shallow and has no commit ${name}: run "git fetch --unshallow", and in CI fetch the whole history`;
  return `this clone has no commit ${name}: fetch it, or name another one with --from`;
}

function isClone() {
  try {
    return git('rev-parse', '--is-inside-work-tree') === 'true';
  } catch {
    return false;
  }
}

/** Its files as they were, in a folder of their own: nothing of this clone is touched. */
async function unpack(commit, folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const command = 'git archive --format=tar "$0" | tar -x -C "$1"';
  return runStep({
    name: `files of ${commit.slice(0, 8)}`,
    command: 'bash',
    args: ['-o', 'pipefail', '-c', command, commit, folder],
  });
}

async function build(commit, folder) {
  const npm = (name, ...args) => runStep({ name, command: 'npm', args: ['--prefix', folder, ...args] });
  return (
    (await unpack(commit, folder)) &&
    (await npm('its packages', 'ci', '--ignore-scripts', '--no-audit', '--no-fund')) &&
    (await npm('its build', 'run', 'build'))
  );
}

/**
 * A folder with the earlier version, installed and built; kept for the next time.
 * @param name of a commit; default: the recorded one
 * @throws Error when this clone does not have it, or it cannot be built
 */
export async function earlierVersion(name = JSON.parse(readFileSync(RECORDED, 'utf8')).commit) {
  const commit = resolveCommit(name);
  const folder = join(FOLDER, commit);
  await oneAtATime('upgrade', async () => {
    if (existsSync(folder)) return;
    const unfinished = `${folder}.unfinished`;
    if (!(await build(commit, unfinished))) throw new Error(`the earlier version ${commit} could not be built`);
    renameSync(unfinished, folder);
  });
  return { commit, folder };
}
