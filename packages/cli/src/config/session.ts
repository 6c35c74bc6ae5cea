import { answerOf, connect, type Connection } from '@eden/client';
import type { Surroundings } from '../surroundings.js';
import { changeConfig } from './config-file.js';
import { notLoggedIn, readSettings, type ConnectionFlags, type Settings } from './settings.js';
import { freshnessOf } from './token.js';

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
  const { interrupt: signal } = surroundings;
  return { url: settings.url, token, connection: connect({ url: settings.url, token, signal }) };
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
  try {
    const anonymous = connect({ url: settings.url, token: () => token, attempts: 2 });
    const { token: fresh } = await answerOf(anonymous.POST('/api/v1/auth/refresh', { body: {} }));
    if (settings.tokenProfile !== null) await keep(settings.tokenProfile, fresh, surroundings);
    return fresh;
  } catch {
    return token;
  }
}

async function keep(name: string, token: string, surroundings: Surroundings): Promise<void> {
  await changeConfig(surroundings, (config) => {
    const profile = config.profiles[name];
    return profile === undefined
      ? config
      : { ...config, profiles: { ...config.profiles, [name]: { ...profile, token } } };
  });
}
