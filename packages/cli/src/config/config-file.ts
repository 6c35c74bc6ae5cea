import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'smol-toml';
import { z } from 'zod';
import { claimInTime, giveUp } from '../claimed-file.js';
import { CommandError } from '../exit-codes.js';
import type { Surroundings } from '../surroundings.js';

const profileSchema = z.object({
  url: z.string(),
  organization: z.string().optional(),
  username: z.string().optional(),
  token: z.string().optional(),
});
const configSchema = z.object({
  /** The profile that is used when nothing else says which. */
  current: z.string().optional(),
  profiles: z.record(z.string(), profileSchema).default({}),
});

/** Whoever has the file needs some milliseconds. */
const LONGEST_WAIT_MS = 5_000;

/** A service and who one is there. */
export type Profile = z.output<typeof profileSchema>;
export type Config = z.output<typeof configSchema>;

/** `$XDG_CONFIG_HOME/eden/config.toml`. Holds tokens, so nobody else may read it. */
export function configPath({ env, home }: Pick<Surroundings, 'env' | 'home'>): string {
  const given = env['XDG_CONFIG_HOME'];
  return join(given === undefined || given === '' ? join(home, '.config') : given, 'eden', 'config.toml');
}

/** @throws CommandError when the file is none of ours */
export async function readConfig(surroundings: Pick<Surroundings, 'env' | 'home'>): Promise<Config> {
  const path = configPath(surroundings);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new CommandError(`${path} cannot be read (${error.code})`, 'Make the file readable for yourself.');
  });
  try {
    return configSchema.parse(parse(text));
  } catch {
    // What is wrong may be in the line of a token: it is not repeated.
    throw new CommandError(`${path} is not a configuration of eden`, 'Mend the file, or remove it and log in again.');
  }
}

/**
 * Reads, changes and writes in one go, while nobody else does; the file is replaced as a whole, so that nobody reads half of it.
 * @throws CommandError when another process does not come to an end with it
 */
export async function changeConfig(
  surroundings: Pick<Surroundings, 'env' | 'home'>,
  change: (config: Config) => Config,
): Promise<void> {
  const path = configPath(surroundings);
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await claimInTime(lock, LONGEST_WAIT_MS).catch((error: Error) => {
    throw new CommandError(`${path} cannot be changed: ${error.message}`, `Try again, or remove ${lock}.`);
  });
  try {
    const changed = change(await readConfig(surroundings));
    const unfinished = `${path}.${process.pid}`;
    await writeFile(unfinished, `${stringify(changed)}\n`, { mode: 0o600 });
    await chmod(unfinished, 0o600);
    await rename(unfinished, path);
  } finally {
    await giveUp(lock);
  }
}

/** Writes one profile, and makes it the current one if asked to or if there is none. */
export async function saveProfile(
  surroundings: Pick<Surroundings, 'env' | 'home'>,
  name: string,
  profile: Profile,
  { use = false }: { readonly use?: boolean } = {},
): Promise<void> {
  await changeConfig(surroundings, ({ current, profiles }) => ({
    current: use ? name : (current ?? name),
    profiles: { ...profiles, [name]: profile },
  }));
}
