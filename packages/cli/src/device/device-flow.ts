import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { CommandError, EXIT } from '../exit-codes.js';

/** The command as the identity provider knows it: a public client, without a secret. */
export interface DeviceClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  /** For providers that ask for whom the token is to be. */
  readonly audience?: string | undefined;
}

/** What somebody has to do in a browser. */
export interface Approval {
  readonly url: string;
  readonly code: string;
}

const providerSchema = z.object({
  issuer: z.string(),
  device_authorization_endpoint: z.url().optional(),
  token_endpoint: z.url(),
});

const codeSchema = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string().optional(),
  expires_in: z.number(),
  interval: z.number().min(1).max(60).default(5),
});

const tokenSchema = z.object({ access_token: z.string() });
const refusalSchema = z.object({ error: z.string(), error_description: z.string().optional() });

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';
const MS_PER_SECOND = 1000;
/** By which the provider wants to be asked less often. */
const SLOW_DOWN_SECONDS = 5;
const ANSWER_MS = 30_000;

/**
 * A token for somebody who approves in a browser, on this device or another: the device authorization grant (RFC 8628).
 * @param show Is told where to approve, once
 * @throws CommandError when the provider does not offer it, or the approval is refused or comes too late
 */
export async function tokenByDevice(
  client: DeviceClient,
  show: (approval: Approval) => void,
  interrupt: AbortSignal,
): Promise<string> {
  const provider = await discover(client.issuer, interrupt);
  if (provider.device_authorization_endpoint === undefined) {
    throw new CommandError('The identity provider offers no device flow', 'Log in with a password, or use a robot.');
  }
  const { clientId: client_id, scope, audience } = client;
  const wanted = { client_id, scope, ...(audience === undefined ? {} : { audience }) };
  const started = await post(provider.device_authorization_endpoint, wanted, interrupt);
  const code = codeSchema.parse(accepted(started));
  show({ url: code.verification_uri_complete ?? code.verification_uri, code: code.user_code });
  return poll(provider.token_endpoint, { client_id, code }, interrupt);
}

async function discover(issuer: string, interrupt: AbortSignal): Promise<z.output<typeof providerSchema>> {
  const base = issuer.replace(/\/+$/, '');
  const { body } = await request(`${base}/.well-known/openid-configuration`, {}, interrupt);
  const provider = providerSchema.parse(body);
  if (provider.issuer.replace(/\/+$/, '') === base) return provider;
  throw new CommandError(
    `The identity provider calls itself ${provider.issuer}`,
    `Give that as --issuer, not ${issuer}.`,
  );
}

interface Wanted {
  readonly client_id: string;
  readonly code: z.output<typeof codeSchema>;
}

async function poll(endpoint: string, { client_id, code }: Wanted, interrupt: AbortSignal): Promise<string> {
  const until = Date.now() + code.expires_in * MS_PER_SECOND;
  let seconds = code.interval;
  while (Date.now() < until) {
    await delay(seconds * MS_PER_SECOND, undefined, { signal: interrupt });
    const wanted = { grant_type: GRANT_TYPE, device_code: code.device_code, client_id };
    const answer = await post(endpoint, wanted, interrupt);
    const refusal = answer.ok ? null : refusalSchema.safeParse(answer.body).data?.error;
    if (refusal === 'slow_down') seconds += SLOW_DOWN_SECONDS;
    else if (refusal !== 'authorization_pending') return tokenSchema.parse(accepted(answer)).access_token;
  }
  throw new CommandError('Nobody has approved in time', 'Run the command again.');
}

interface ProviderAnswer {
  readonly ok: boolean;
  readonly status: number;
  readonly body: unknown;
}

/** @throws CommandError with the provider's words */
function accepted({ ok, status, body }: ProviderAnswer): unknown {
  if (ok) return body;
  const { data } = refusalSchema.safeParse(body);
  const words = data === undefined ? `status ${status}` : (data.error_description ?? data.error);
  throw new CommandError('The identity provider refuses', words, EXIT.notAllowed);
}

function post(url: string, fields: Record<string, string>, interrupt: AbortSignal): Promise<ProviderAnswer> {
  return request(url, { method: 'POST', body: new URLSearchParams(fields) }, interrupt);
}

async function request(url: string, init: RequestInit, interrupt: AbortSignal): Promise<ProviderAnswer> {
  try {
    const signal = AbortSignal.any([interrupt, AbortSignal.timeout(ANSWER_MS)]);
    const answer = await fetch(url, { ...init, headers: { accept: 'application/json' }, redirect: 'error', signal });
    return { ok: answer.ok, status: answer.status, body: await answer.json() };
  } catch {
    interrupt.throwIfAborted();
    throw new CommandError('The identity provider does not answer', `Is ${url} right?`);
  }
}
