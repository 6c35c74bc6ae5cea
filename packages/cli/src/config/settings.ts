import { CommandError, EXIT } from '../exit-codes.js';
import { closest } from '../similar.js';
import type { Surroundings } from '../surroundings.js';
import { readConfig, type Profile } from './config-file.js';

/** What the flags say, a profile that one names included; they go before the environment, and that before the file. */
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
  const named = flags.profile === undefined ? null : chosen;
  const url = flags.url ?? named?.profile.url ?? nonEmpty(env['EDEN_URL']) ?? chosen?.profile.url;
  if (url === undefined) throw notLoggedIn();
  const tokens = [
    { token: flags.token, tokenProfile: null },
    tokenOf(named, url),
    { token: tokenOfEnvironment(flags, surroundings, url), tokenProfile: null },
  ];
  const first = tokens.find(({ token }) => token !== undefined) ?? tokenOf(chosen, url);
  return { url: checkUrl(url), ...first };
}

/** The token of one service is nothing for another one. */
function tokenOf(chosen: Chosen | null, url: string): Pick<Settings, 'token' | 'tokenProfile'> {
  if (chosen === null || !isSame(chosen.profile.url, url)) return { token: undefined, tokenProfile: null };
  return { token: chosen.profile.token, tokenProfile: chosen.name };
}

/** That of EDEN_URL's service is nothing for the one of a profile that a flag names. */
function tokenOfEnvironment(flags: ConnectionFlags, { env }: Surroundings, url: string): string | undefined {
  const itsUrl = nonEmpty(env['EDEN_URL']);
  const isOfProfile = flags.profile !== undefined && flags.url === undefined;
  if (isOfProfile && itsUrl !== undefined && !isSame(itsUrl, url)) return undefined;
  return nonEmpty(env['EDEN_TOKEN']);
}

interface Chosen {
  readonly name: string;
  readonly profile: Profile;
}

/** The one that is named, else the current one; null when there is none. */
async function chooseProfile(flags: ConnectionFlags, surroundings: Surroundings): Promise<Chosen | null> {
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

function isSame(url: string, other: string): boolean {
  return url.replace(/\/+$/, '') === other.replace(/\/+$/, '');
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
