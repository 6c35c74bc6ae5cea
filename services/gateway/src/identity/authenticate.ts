import { EdenError } from '@eden/domain';
import type { GatewayDeps } from '../deps.js';
import type { HttpRequest } from '../http/http-request.js';
import type { Principal } from './principal.js';
import type { ProviderTokens } from './provider/provider-tokens.js';
import { subjectOf } from './provider/provided-subject.js';
import { looksLikeApiKey } from './api-keys.js';
import { bearerOf } from './credentials.js';
import type { Identified } from './kept-subjects.js';

/**
 * Who asks: a good token, not revoked, of a user who is still there or whom the identity provider vouches for, or the key of a robot. Level, grants and scopes
 * are those of now.
 * @throws EdenError AUTHENTICATION_REQUIRED
 */
export async function authenticate(deps: GatewayDeps, http: HttpRequest): Promise<Principal> {
  const { goodForMs: _, ...principal } = await identify(deps, bearerOf(http));
  return principal;
}

/** The same, from memory where nobody can have changed it. @throws EdenError AUTHENTICATION_REQUIRED */
export async function authenticateExecution(deps: GatewayDeps, http: HttpRequest): Promise<Principal> {
  const bearer = bearerOf(http);
  return deps.subjects.find(bearer) ?? deps.subjects.ask(bearer, () => identify(deps, bearer));
}

function identify(deps: GatewayDeps, bearer: string): Promise<Identified> {
  if (looksLikeApiKey(bearer)) return byKey(deps, bearer);
  const { provider } = deps;
  return provider?.claims(bearer) === true ? byProvider(deps, provider, bearer) : byToken(deps, bearer);
}

async function byToken({ store, tokens }: GatewayDeps, bearer: string): Promise<Identified> {
  const token = tokens.verify(bearer);
  const goodForMs = leftOf(token);
  const subject =
    token.provided === null
      ? await store.identity.authenticate(token.userUuid, token.jti, token.loggedInAt)
      : await subjectOf(store, { ...token.provided, organization: token.organizationUuid, jti: token.jti });
  if (subject === null || subject.organizationUuid !== token.organizationUuid) {
    throw new EdenError('AUTHENTICATION_REQUIRED');
  }
  return { subject, token, goodForMs };
}

async function byProvider({ store }: GatewayDeps, provider: ProviderTokens, bearer: string): Promise<Identified> {
  const token = await provider.verify(bearer);
  const goodForMs = leftOf(token);
  const subject = await subjectOf(store, token);
  const { jti, issuedAt: loggedInAt, expiresAt } = token;
  const { userUuid, organizationUuid } = subject;
  return { subject, token: { userUuid, organizationUuid, jti, loggedInAt, expiresAt, provided: token }, goodForMs };
}

async function byKey({ store, apiKeys }: GatewayDeps, bearer: string): Promise<Identified> {
  const hash = apiKeys.hashOf(bearer);
  const holder = hash === null ? null : await store.identity.authenticateKey(hash);
  if (holder === null) throw new EdenError('AUTHENTICATION_REQUIRED');
  return { ...holder, token: null };
}

function leftOf({ expiresAt }: { readonly expiresAt: Date }): number {
  return expiresAt.getTime() - Date.now();
}
