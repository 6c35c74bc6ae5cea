import type { Command } from 'commander';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { Call, Shell } from '../shell.js';

interface DevFlags {
  readonly name: string;
  readonly reset?: boolean;
  readonly withTargets: string;
}

const MOST_TARGETS = 64;

export function addDev(program: Command, shell: Shell): void {
  const command = program
    .command('dev')
    .description('the service on this machine, until Ctrl-C; what it knows stays in .eden/')
    .option('--reset', 'forget what was kept, and begin anew')
    .option('--with-targets <n>', 'databases to migrate, empty at first', '0')
    .option('--name <name>', 'of this one, its profile and its folder, where there are several', 'dev')
    .action(shell.action<DevFlags>(runDev));
  withExamples(command, [
    ['eden dev --with-targets 2', 'with two databases to try things on'],
    ['eden dev --reset', 'begin anew'],
    ['eden dev --name other', 'a second one beside the first'],
  ]);
}

async function runDev(call: Call<DevFlags>): Promise<void> {
  const { options, surroundings } = call;
  const name = checkName(options.name);
  const targets = checkCount(options.withTargets);
  const { serveHere } = await devParts();
  await serveHere({ name, targets, reset: options.reset === true }, surroundings, call);
}

/** Loaded for this command alone: the image of `eden` has no servers to start. */
async function devParts() {
  try {
    return await import('../dev/serve-here.js');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new CommandError(
      'There are no servers in this installation of eden',
      'Run "npm run eden -- dev" in a clone.',
    );
  }
}

function checkName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) return name;
  throw new CommandError(`"${name}" is no name for it`, 'Take small letters, digits and "-".', EXIT.usage);
}

function checkCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= MOST_TARGETS) return count;
  throw new CommandError(`--with-targets ${text} is no number of databases`, `Take 0 to ${MOST_TARGETS}.`, EXIT.usage);
}
