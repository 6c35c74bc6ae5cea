import type { HttpRequest } from '../../http/http-request.js';

/** Holds the secret of a session. */
export const SESSION_COOKIE = 'eden_session';
/** Holds what a login at the identity provider has to come back with. */
export const LOGIN_COOKIE = 'eden_login';

export interface Cookie {
  readonly name: string;
  /** Of characters that stand in a cookie as they are. */
  readonly value: string;
  readonly path: string;
  /** `Lax`: also sent by a link from another site. */
  readonly sameSite: 'Strict' | 'Lax';
  /** 0 takes it away. */
  readonly maxAgeSeconds: number;
}

/** No script can read it; over TLS alone, where the request came by TLS. */
export function cookieHeader({ url }: HttpRequest, { name, value, path, sameSite, maxAgeSeconds }: Cookie): string {
  const secure = url.protocol === 'https:' ? '; Secure' : '';
  return `${name}=${value}; Path=${path}; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeSeconds}${secure}`;
}

export function cookieOf(http: HttpRequest, name: string): string | null {
  const pairs = (http.header('cookie') ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}
