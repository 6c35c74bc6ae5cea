import { createHash, createSecretKey, randomUUID, type KeyObject } from 'node:crypto';
import type { Subject } from '@eden/domain';
import { ACCESS_LEVELS, EdenError } from '@eden/domain';
import jwt from 'jsonwebtoken';
import { z } from 'zod';
import { uuidSchema } from '../schemas/identifiers.js';

/** Lifetime of a token; `expires_in` of the answers. */
const TOKEN_LIFETIME_SECONDS = 900;

const ISSUER = 'eden-migrations';
const AUDIENCE = 'eden-migrations';
const ALGORITHM = 'HS256';
const MS_PER_SECOND = 1000;
const KEY_ID_DIGITS = 12;

/** Clients send the same token again and again: its signature is checked once. */
const MOST_REMEMBERED = 1_000;

const claimsSchema = z.object({
  user_uuid: uuidSchema,
  org_uuid: uuidSchema,
  jti: z.uuid(),
  exp: z.number(),
  auth_time: z.number(),
  provided: z.string().optional(),
  level: z.enum(ACCESS_LEVELS),
});

/** What the gateway believes of a token: who and which one. The level of users is read live. */
export interface TokenClaims {
  readonly userUuid: Subject['userUuid'];
  readonly organizationUuid: Subject['organizationUuid'];
  readonly jti: string;
  /** When the user proved who they are: refreshing a token does not change it. */
  readonly loggedInAt: Date;
  readonly expiresAt: Date;
  /** In place of a user: whom the identity provider vouched for at the login, and with which level. */
  readonly provided: { readonly subject: string; readonly level: Subject['level'] } | null;
}

/** Issues and checks the access tokens: HS256, pinned, with issuer and audience. */
export class Tokens {
  private readonly key: SigningKey;
  /** By its id; the one that signs, and the one before it. */
  private readonly keys: ReadonlyMap<string, KeyObject>;
  /** By their tokens, the oldest first. A text that is not the very same is not found. */
  private readonly verified = new Map<string, TokenClaims>();

  /**
   * @param longestSessionMs How long after a login its tokens may still be refreshed.
   * @param previousSecret Its tokens are good until they expire, and no new ones are signed with it.
   */
  constructor(
    secret: string,
    private readonly longestSessionMs: number,
    previousSecret?: string,
  ) {
    this.key = signingKey(secret);
    const keys = [...(previousSecret === undefined ? [] : [signingKey(previousSecret)]), this.key];
    this.keys = new Map(keys.map(({ id, key }) => [id, key]));
  }

  /** Of a token that is issued now; less than the usual where the session ends before. @throws EdenError AUTHENTICATION_REQUIRED */
  lifetimeSeconds(loggedInAt: Date): number {
    const leftMs = loggedInAt.getTime() + this.longestSessionMs - Date.now();
    const seconds = Math.min(TOKEN_LIFETIME_SECONDS, Math.floor(leftMs / MS_PER_SECOND));
    if (seconds <= 0) throw new EdenError('AUTHENTICATION_REQUIRED');
    return seconds;
  }

  /** @throws EdenError AUTHENTICATION_REQUIRED when the session is too old */
  issue(subject: Subject, loggedInAt: Date): string {
    const claims = {
      auth_time: loggedInAt.getTime() / MS_PER_SECOND,
      org_id: subject.organizationId,
      org_uuid: subject.organizationUuid,
      user_uuid: subject.userUuid,
      level: subject.level,
      provided: subject.provided,
    };
    return jwt.sign(claims, this.key.key, {
      algorithm: ALGORITHM,
      keyid: this.key.id,
      subject: subject.username,
      issuer: ISSUER,
      audience: AUDIENCE,
      jwtid: randomUUID(),
      expiresIn: this.lifetimeSeconds(loggedInAt),
    });
  }

  /** @throws EdenError AUTHENTICATION_REQUIRED whatever is wrong with it */
  verify(token: string): TokenClaims {
    const known = this.verified.get(token);
    if (known !== undefined && known.expiresAt.getTime() > Date.now()) return known;
    const claims = this.check(token);
    this.verified.delete(token);
    this.verified.set(token, claims);
    const [oldest = token] = this.verified.keys();
    if (this.verified.size > MOST_REMEMBERED) this.verified.delete(oldest);
    return claims;
  }

  private check(token: string): TokenClaims {
    const claims = claimsSchema.safeParse(this.decode(token));
    if (!claims.success) throw new EdenError('AUTHENTICATION_REQUIRED');
    const { user_uuid, org_uuid, jti, exp, auth_time, provided, level } = claims.data;
    return {
      userUuid: user_uuid,
      organizationUuid: org_uuid,
      jti,
      loggedInAt: new Date(Math.round(auth_time * MS_PER_SECOND)),
      expiresAt: new Date(exp * MS_PER_SECOND),
      provided: provided === undefined ? null : { subject: provided, level },
    };
  }

  private decode(token: string): unknown {
    try {
      return jwt.verify(token, this.keyOf(token), { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE });
    } catch (cause) {
      throw new EdenError('AUTHENTICATION_REQUIRED', {}, { cause });
    }
  }

  /** A token without `kid` is of the time before there were two keys. */
  private keyOf(token: string): KeyObject {
    const id = jwt.decode(token, { complete: true })?.header.kid;
    return (id === undefined ? undefined : this.keys.get(id)) ?? this.key.key;
  }
}

interface SigningKey {
  readonly id: string;
  /** No string: of a string the library first finds out, for half a millisecond, that it is no public key. */
  readonly key: KeyObject;
}

/** The id tells which secret it is, and nothing of it: 48 bits of its hash. */
function signingKey(secret: string): SigningKey {
  const id = createHash('sha256').update(`eden-migrations kid ${secret}`).digest('hex').slice(0, KEY_ID_DIGITS);
  return { id, key: createSecretKey(secret, 'utf8') };
}
