import { CommandError, EXIT } from '../exit-codes.js';
import { closest } from '../similar.js';
import type { Surroundings } from '../surroundings.js';
import { readConfig, type Profile } from './config-file.js';

/** What the flags say; they go before the environment, and that before the file. */
export interface ConnectionFlags {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly profile?: string | undefined;
}

export interface Settings {
  readonly url: string;
  readonly token: string | undefined;
  /** The profile that the token is of, where a new one is written to; null: flag or environment. */
  readonly tokenProfile: string | null;
}

/** @throws CommandError when nothing says where the service is, or a profile is not there */
export async function readSettings(flags: ConnectionFlags, surroundings: Surroundings): Promise<Settings> {
  const { env } = surroundings;
  const chosen = await chooseProfile(flags, surroundings);
  const url = flags.url ?? nonEmpty(env['EDEN_URL']) ?? chosen?.profile.url;
  if (url === undefined) throw notLoggedIn();
  const given = flags.token ?? nonEmpty(env['EDEN_TOKEN']);
  if (given !== undefined) return { url: checkUrl(url), token: given, tokenProfile: null };
  // The token of one service is nothing for another one.
  if (chosen === null || !isSame(chosen.profile, url))
    return { url: checkUrl(url), token: undefined, tokenProfile: null };
  return { url: checkUrl(url), token: chosen.profile.token, tokenProfile: chosen.name };
}

/** The one that is named, else the current one; null when there is none. */
async function chooseProfile(
  flags: ConnectionFlags,
  surroundings: Surroundings,
): Promise<{ readonly name: string; readonly profile: Profile } | null> {
  const named = flags.profile ?? nonEmpty(surroundings.env['EDEN_PROFILE']);
  const { current, profiles } = await readConfig(surroundings);
  const name = named ?? current ?? '';
  const profile = profiles[name];
  if (profile !== undefined) return { name, profile };
  if (named !== undefined) throw unknownProfile(named, Object.keys(profiles));
  return null;
}

export function notLoggedIn(): CommandError {
  return new CommandError(
    'You are not logged in',
    'Run "eden login --url URL", or set EDEN_URL and EDEN_TOKEN.',
    EXIT.notAllowed,
  );
}

export function unknownProfile(name: string, known: readonly string[]): CommandError {
  const meant = closest(name, known);
  const next =
    known.length === 0
      ? 'There is none yet: run "eden login".'
      : `Take one of ${known.join(', ')}${meant === null ? '' : `; did you mean ${meant}?`}`;
  return new CommandError(`There is no profile "${name}"`, next, EXIT.usage);
}

/** @throws CommandError */
export function checkUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.username === '') return url.replace(/\/+$/, '');
  throw new CommandError('The URL of the service is none', 'Write it as https://eden.example.com.', EXIT.usage);
}

function isSame({ url }: Profile, other: string): boolean {
  return url.replace(/\/+$/, '') === other.replace(/\/+$/, '');
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
