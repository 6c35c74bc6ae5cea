import { EdenError } from '@eden/domain';
import { z } from 'zod';
import type { GatewayDeps } from '../../deps.js';
import type { HttpRequest } from '../../http/http-request.js';
import { returnToSchema } from '../../schemas/identity.js';
import { originOf } from '../audit-request.js';
import type { LoginProvider } from '../provider/login-provider.js';
import { subjectOf } from '../provider/provided-subject.js';
import { cookieHeader, cookieOf, LOGIN_COOKIE, type Cookie } from './cookies.js';

const PATH = '/api/v1/auth/oidc';
/** For the login at the provider. */
const LOGIN_SECONDS = 600;

/** As we make them; the cookie is the browser's, and may say anything. */
const randomSchema = z.string().regex(/^[\w-]{1,128}$/);

const pendingSchema = z.object({
  state: randomSchema,
  nonce: randomSchema,
  verifier: randomSchema,
  returnTo: returnToSchema,
});

/** Sent along when the provider sends the browser back, which is another site's link. */
function loginCookie(value: string, maxAgeSeconds: number): Cookie {
  return { name: LOGIN_COOKIE, value, path: PATH, sameSite: 'Lax', maxAgeSeconds };
}

/** Where the browser goes, and what it has to come back with. */
export async function beginLogin(deps: GatewayDeps, http: HttpRequest, returnTo: string) {
  const { url, pending } = await providerOf(deps).begin(new URL(`${PATH}/callback`, http.url).href);
  const value = Buffer.from(JSON.stringify({ ...pending, returnTo })).toString('base64url');
  return { location: url.href, cookie: cookieHeader(http, loginCookie(value, LOGIN_SECONDS)) };
}

/** @throws EdenError AUTHENTICATION_REQUIRED when the browser has not begun this login, or the provider does not vouch for it */
export async function completeLogin(deps: GatewayDeps, http: HttpRequest) {
  const { store, sessions } = deps;
  const provider = providerOf(deps);
  const { returnTo, ...pending } = pendingLogin(http);
  const loggedInAt = await store.identity.now();
  const identity = await provider.complete(http.url, pending);
  const subject = await subjectOf(store, { ...identity, jti: pending.state });
  const cookie = await sessions.open(store, http, subject, loggedInAt);
  await store.audit(subject.organizationUuid).append({
    actor: subject.username,
    action: 'auth.login',
    subject: subject.username,
    origin: originOf(http),
    data: { issuer: provider.issuer, level: subject.level },
  });
  return { location: returnTo, cookies: [cookie, cookieHeader(http, loginCookie('', 0))] };
}

function providerOf({ loginProvider }: GatewayDeps): LoginProvider {
  if (loginProvider === null) throw new EdenError('ROUTE_NOT_FOUND');
  return loginProvider;
}

function pendingLogin(http: HttpRequest): z.output<typeof pendingSchema> {
  try {
    const value = Buffer.from(cookieOf(http, LOGIN_COOKIE) ?? '', 'base64url').toString();
    return pendingSchema.parse(JSON.parse(value));
  } catch (cause) {
    throw new EdenError('AUTHENTICATION_REQUIRED', { suggestion: 'Begin the login again' }, { cause });
  }
}
