import { answerOf, connect, type Connection } from '@eden/client';
import type { Surroundings } from '../surroundings.js';
import { changeConfig } from './config-file.js';
import { notLoggedIn, readSettings, type ConnectionFlags, type Settings } from './settings.js';
import { freshnessOf, readToken } from './token.js';

/** Often within the half of a token's life in which it is refreshed. */
const LOOK_AT_TOKEN_MS = 60_000;

/** A connection to the service as somebody. */
export interface Session {
  readonly url: string;
  readonly connection: Connection;
  /** The token as it is now; it changes while the session lasts. */
  readonly token: () => Promise<string>;
}

/** @throws CommandError when it is not known where the service is, or who asks */
export async function openSession(flags: ConnectionFlags, surroundings: Surroundings): Promise<Session> {
  const settings = await readSettings(flags, surroundings);
  if (settings.token === undefined) throw notLoggedIn();
  const token = keptFresh(settings, surroundings);
  if (readToken(settings.token) !== null) askEveryMinute(token);
  const { interrupt: signal } = surroundings;
  return { url: settings.url, token, connection: connect({ url: settings.url, token, signal }) };
}

/** A watch sends nothing for longer than a token lives. What ends the command ends the asking. */
function askEveryMinute(token: () => Promise<string>): void {
  setInterval(() => void token(), LOOK_AT_TOKEN_MS).unref();
}

/** Gives the token, refreshed when it is near its expiry; requests that come together wait for one refresh. */
function keptFresh(settings: Settings, surroundings: Surroundings): () => Promise<string> {
  let token = settings.token as string;
  let refreshing: Promise<void> | undefined;
  return async () => {
    if (freshnessOf(token, Date.now()) === 'near expiry') {
      refreshing ??= refresh(settings, token, surroundings)
        .then((fresh) => void (token = fresh))
        .finally(() => (refreshing = undefined));
      await refreshing;
    }
    return token;
  };
}

/** A session that may not be refreshed any more is good until its token expires. */
async function refresh(settings: Settings, token: string, surroundings: Surroundings): Promise<string> {
  const fresh = await exchange(settings, token, surroundings).catch(() => token);
  // Where it cannot be kept, the next command refreshes for itself.
  if (settings.tokenProfile !== null && fresh !== token)
    await keep(settings.tokenProfile, fresh, surroundings).catch(() => undefined);
  return fresh;
}

async function exchange({ url }: Settings, token: string, { interrupt }: Surroundings): Promise<string> {
  const asTheOld = connect({ url, token: () => token, attempts: 2, signal: interrupt });
  return (await answerOf(asTheOld.POST('/api/v1/auth/refresh', { body: {} }))).token;
}

async function keep(name: string, token: string, surroundings: Surroundings): Promise<void> {
  await changeConfig(surroundings, (config) => {
    const profile = config.profiles[name];
    return profile === undefined
      ? config
      : { ...config, profiles: { ...config.profiles, [name]: { ...profile, token } } };
  });
}
