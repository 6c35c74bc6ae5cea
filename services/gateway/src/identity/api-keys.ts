import { createHash, randomBytes } from 'node:crypto';
import type { ApiKeyPort, NewApiKey } from '@eden/domain';

const PREFIX = 'eden_';
const KEY_BYTES = 32;
const KEY = /^eden_[A-Za-z0-9_-]{43}$/;

/** By its prefix: no JSON Web Token begins like that. */
export function looksLikeApiKey(bearer: string): boolean {
  return bearer.startsWith(PREFIX);
}

/**
 * 256 random bits each, of which the control database keeps the SHA-256: there is nothing to guess, so a slow hash
 * would only make every request slow.
 */
export class ApiKeys implements ApiKeyPort {
  create(): NewApiKey {
    const key = `${PREFIX}${randomBytes(KEY_BYTES).toString('base64url')}`;
    return { key, hash: hashOf(key) };
  }

  /** Null for what cannot be one of our keys. */
  hashOf(key: string): Uint8Array | null {
    return KEY.test(key) ? hashOf(key) : null;
  }
}

function hashOf(key: string): Uint8Array {
  return createHash('sha256').update(key).digest();
}
