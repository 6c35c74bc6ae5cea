import { saveProfile } from '../config/config-file.js';
import { describeDuration } from '../durations.js';
import { print, type Printing } from '../render/output.js';
import type { Surroundings } from '../surroundings.js';
import { accessTo, describeLogin } from './access.js';
import { DevService } from './service.js';
import { DevFolder } from './state.js';

export interface DevWish {
  /** Of the folder and the profile. */
  readonly name: string;
  /** How many databases to migrate, empty at first. */
  readonly targets: number;
  readonly reset: boolean;
}

/** A token lives 15 minutes; the profile always has one that is good for a while. */
const NEW_TOKEN_EVERY_MS = 5 * 60_000;

/** The service on this machine, until it is interrupted. */
export async function serveHere(wish: DevWish, surroundings: Surroundings, printing: Printing): Promise<void> {
  const { terminal } = printing;
  const folder = new DevFolder(surroundings.cwd, wish.name);
  await folder.take();
  try {
    if (wish.reset) await folder.reset();
    const startedAt = Date.now();
    terminal.say('Starting PostgreSQL, Redis, gateway and worker …');
    const service = await DevService.start(folder, wish.targets);
    try {
      const stopRenewing = await giveAccess({ surroundings, printing }, folder, service);
      terminal.say(`Up after ${describeDuration(Date.now() - startedAt)}. Ctrl-C stops it; its data stays.`);
      await untilEnd(surroundings, service).finally(stopRenewing);
    } finally {
      terminal.say('Stopping: gateway and worker finish what they have …');
      await service.stop();
    }
  } finally {
    await folder.release();
  }
}

/** Prints where it is, and keeps the profile's token good. Resolves to what ends that. */
async function giveAccess(
  { surroundings, printing }: { readonly surroundings: Surroundings; readonly printing: Printing },
  folder: DevFolder,
  service: DevService,
): Promise<() => void> {
  const { terminal } = printing;
  const state = await folder.readState();
  const renew = async (): Promise<string> => {
    const access = await accessTo(service.url, state);
    await saveProfile(surroundings, folder.name, { url: service.url, ...access });
    return access.token;
  };
  const token = await renew();
  const { url, targetUrls: targets } = service;
  const table = (): void => terminal.data(variablesOf(url, token, targets).join('\n'));
  print(printing, { url, token, targets }, { name: `profile/${folder.name}`, table });
  terminal.say(`Dashboard: ${service.url}/ui/ (${describeLogin(state)})`);
  terminal.say(`Profile "${folder.name}" knows it: "eden config use ${folder.name}". API: ${service.url}/docs`);
  terminal.say(`Logs, while it runs: ${service.logFolder}`);
  // A renewal that fails is tried again; who asks meanwhile is told.
  const timer = setInterval(() => void renew().catch(() => undefined), NEW_TOKEN_EVERY_MS);
  return () => clearInterval(timer);
}

/** As a shell reads them. */
function variablesOf(url: string, token: string, targets: readonly string[]): string[] {
  const ofTargets = targets.map((target, index) => `TARGET_${index + 1}_DATABASE_URL=${target}`);
  return [`EDEN_URL=${url}`, `EDEN_TOKEN=${token}`, ...ofTargets];
}

async function untilEnd({ interrupt }: Surroundings, service: DevService): Promise<void> {
  if (interrupt.aborted) return;
  const interrupted = new Promise<void>((resolve) => interrupt.addEventListener('abort', () => resolve()));
  await Promise.race([interrupted, service.watch()]);
}
