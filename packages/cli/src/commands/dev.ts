import type { Command } from 'commander';
import { saveProfile } from '../config/config-file.js';
import { accessTo } from '../dev/access.js';
import { DevService } from '../dev/service.js';
import { DevFolder } from '../dev/state.js';
import { describeDuration } from '../durations.js';
import { withExamples } from '../examples.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { Call, Shell } from '../shell.js';

interface DevFlags {
  readonly name: string;
  readonly reset?: boolean;
  readonly withTargets: string;
}

/** A token lives 15 minutes; the profile always has one that is good for a while. */
const NEW_TOKEN_EVERY_MS = 5 * 60_000;
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
  const { options, surroundings, terminal } = call;
  const folder = new DevFolder(surroundings.cwd, checkName(options.name));
  const count = checkCount(options.withTargets);
  await folder.take();
  try {
    if (options.reset === true) await folder.reset();
    const startedAt = Date.now();
    terminal.say('Starting PostgreSQL, Redis, gateway and worker …');
    const service = await DevService.start(folder, count);
    try {
      const stopRenewing = await giveAccess(call, folder, service);
      terminal.say(`Up after ${describeDuration(Date.now() - startedAt)}. Ctrl-C stops it; its data stays.`);
      await untilEnd(call, service).finally(stopRenewing);
    } finally {
      terminal.say('Stopping: gateway and worker finish what they have …');
      await service.stop();
    }
  } finally {
    await folder.release();
  }
}

/** Prints where it is, and keeps the profile's token good. Resolves to what ends that. */
async function giveAccess(call: Call<DevFlags>, folder: DevFolder, service: DevService): Promise<() => void> {
  const { surroundings, terminal } = call;
  const state = await folder.readState();
  const renew = async (): Promise<string> => {
    const access = await accessTo(service.url, state);
    await saveProfile(surroundings, folder.name, { url: service.url, ...access });
    return access.token;
  };
  const token = await renew();
  const targets = service.targetUrls.map((url, index) => `TARGET_${index + 1}_DATABASE_URL=${url}`);
  terminal.data([`EDEN_URL=${service.url}`, `EDEN_TOKEN=${token}`, ...targets].join('\n'));
  terminal.say(`Profile "${folder.name}" knows it: "eden config use ${folder.name}". API: ${service.url}/docs`);
  terminal.say(`Logs, while it runs: ${service.logFolder}`);
  // A renewal that fails is tried again; who asks meanwhile is told.
  const timer = setInterval(() => void renew().catch(() => undefined), NEW_TOKEN_EVERY_MS);
  return () => clearInterval(timer);
}

async function untilEnd({ surroundings }: Call<DevFlags>, service: DevService): Promise<void> {
  const { interrupt } = surroundings;
  if (interrupt.aborted) return;
  const interrupted = new Promise<void>((resolve) => interrupt.addEventListener('abort', () => resolve()));
  await Promise.race([interrupted, service.watch()]);
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
