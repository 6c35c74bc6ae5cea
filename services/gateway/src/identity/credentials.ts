import { createHash, timingSafeEqual } from 'node:crypto';
import { EdenError } from '@eden/domain';
import type { HttpRequest } from '../http/http-request.js';

function credentialsOf(http: HttpRequest, scheme: string): string {
  const [, given, value] = /^(\S+)\s+(.+)$/.exec(http.header('authorization') ?? '') ?? [];
  if (given?.toLowerCase() !== scheme || value === undefined) throw new EdenError('AUTHENTICATION_REQUIRED');
  return value;
}

/** @throws EdenError AUTHENTICATION_REQUIRED */
export function bearerOf(http: HttpRequest): string {
  return credentialsOf(http, 'bearer');
}

const CONTROL_CHARACTER = /\p{Cc}/u;

/** Nobody has a longer name, and whoever sends one fills no memory with it. */
const LONGEST_USERNAME = 128;

/** RFC 7617, which allows no control characters in names. @throws EdenError AUTHENTICATION_REQUIRED */
export function basicOf(http: HttpRequest): { readonly username: string; readonly password: string } {
  const text = Buffer.from(credentialsOf(http, 'basic'), 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const username = text.slice(0, colon);
  if (colon < 1 || username.length > LONGEST_USERNAME || CONTROL_CHARACTER.test(username))
    throw new EdenError('AUTHENTICATION_REQUIRED');
  return { username, password: text.slice(colon + 1) };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Compares in constant time, whatever the lengths. */
export function equalSecrets(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}
