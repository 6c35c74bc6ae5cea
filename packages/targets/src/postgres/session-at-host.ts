import type { SessionAttrs } from '@eden/domain';
import { RefusedError } from '../reach/refused-error.js';
import { hostsOf, type Host, type PostgresConfig } from './config.js';
import type { GuardedClient } from './guard/guarded-client.js';
import { NoSuchHost } from './no-such-host.js';

/*
 * The driver knows one host only. Where a config names several, all are asked at once, and the first in order that fits
 * serves; nothing of that is kept, so a database that has failed over is found where it is by the next connection.
 */

const ANSWER_TIMEOUT_MS = 2_000;

const QUESTIONS: Readonly<Record<Exclude<SessionAttrs, 'any'>, string>> = {
  primary: 'SELECT NOT pg_catalog.pg_is_in_recovery() AS fits',
  'read-write': `SELECT NOT pg_catalog.pg_is_in_recovery()
    AND pg_catalog.current_setting('transaction_read_only') OPERATOR(pg_catalog.=) 'off' AS fits`,
};

interface Session {
  readonly host: Host;
  readonly client: GuardedClient;
}

/**
 * A session with the host that fits. One that may not be reached at all refuses them all: what it leads to could be served
 * any time.
 * @param dial A session with one host.
 */
export async function sessionAtHost(
  config: PostgresConfig,
  dial: (host: Host) => Promise<GuardedClient>,
): Promise<Session> {
  const { target_session_attrs: attrs = 'any' } = config;
  const [first, ...others] = hostsOf(config);
  if (first === undefined) throw new TypeError('a config without a host');
  if (others.length === 0 && attrs === 'any') return { host: first, client: await dial(first) };
  const dialled = await Promise.allSettled([first, ...others].map((host) => fitting(host, attrs, dial)));
  const fit = dialled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const reasons = dialled.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
  const refused = reasons.find((reason) => reason instanceof RefusedError);
  const [chosen, ...rest] = fit;
  for (const { client } of refused === undefined ? rest : fit) client.sever();
  if (refused !== undefined || chosen === undefined) throw refused ?? reasons[0];
  return chosen;
}

async function fitting(
  host: Host,
  attrs: SessionAttrs,
  dial: (host: Host) => Promise<GuardedClient>,
): Promise<Session> {
  const client = await dial(host);
  if (attrs === 'any' || (await fits(client, QUESTIONS[attrs]))) return { host, client };
  client.sever();
  throw new NoSuchHost(attrs);
}

async function fits(client: GuardedClient, text: string): Promise<boolean> {
  // The driver takes the bound per query, too; its types know it of sessions only.
  const query = { text, query_timeout: ANSWER_TIMEOUT_MS };
  const answer = await client.query<{ fits: boolean }>(query).catch(() => null);
  return answer?.rows[0]?.fits === true;
}
