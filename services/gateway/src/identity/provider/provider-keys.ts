import { createPublicKey } from 'node:crypto';
import { EdenError } from '@eden/domain';
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';

/** The keys of an identity provider: one that is given, or those that it publishes (RFC 7517). */
export interface ProviderKeys {
  readonly publicKey?: string | undefined;
  readonly jwksUrl?: string | undefined;
}

/** For a key that is not known, the provider is asked no more often than this. */
const COOLDOWN_MS = 5_000;
const ANSWER_TIMEOUT_MS = 2_000;
/** So that a key which the provider has withdrawn is not believed for ever. */
const READ_AGAIN_MS = 5 * 60_000;

/** @throws EdenError SERVICE_UNAVAILABLE, from the function it answers, when the provider has to be asked and does not answer */
export function keysOf({ publicKey, jwksUrl }: ProviderKeys): JWTVerifyGetKey {
  if (jwksUrl !== undefined) return publishedKeys(new URL(jwksUrl));
  const key = createPublicKey(publicKey ?? '');
  return () => key;
}

/** Read when the first token comes, then in the background: keys that are known stay good while the provider is away. */
function publishedKeys(url: URL): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(url, {
    cacheMaxAge: Infinity,
    cooldownDuration: COOLDOWN_MS,
    timeoutDuration: ANSWER_TIMEOUT_MS,
  });
  let readAt = Date.now();
  return async (header, token) => {
    if (Date.now() - readAt > READ_AGAIN_MS) {
      readAt = Date.now();
      keys.reload().catch(() => undefined);
    }
    try {
      return await keys(header, token);
    } catch (cause) {
      if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
      throw new EdenError('SERVICE_UNAVAILABLE', { details: 'The keys of the identity provider are away' }, { cause });
    }
  };
}
