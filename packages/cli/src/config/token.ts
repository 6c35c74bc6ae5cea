import { z } from 'zod';

const claimsSchema = z.object({ sub: z.string(), org_id: z.string(), level: z.string(), exp: z.number() });

/** What a token says of itself; whether that is so only the service can tell. */
export interface TokenClaims {
  readonly username: string;
  readonly organization: string;
  readonly level: string;
  readonly expiresAt: Date;
}

const MS_PER_SECOND = 1000;
/** Tokens live 15 minutes: half of that is left for what has begun. */
const NEAR_EXPIRY_MS = 7.5 * 60 * MS_PER_SECOND;

/** Null for what is no JWT, such as a robot's key. */
export function readToken(token: string): TokenClaims | null {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const { sub, org_id, level, exp } = claimsSchema.parse(payload);
    return { username: sub, organization: org_id, level, expiresAt: new Date(exp * MS_PER_SECOND) };
  } catch {
    return null;
  }
}

export type Freshness = 'good' | 'near expiry' | 'expired';

export function freshnessOf(token: string, now: number): Freshness {
  const claims = readToken(token);
  if (claims === null) return 'good';
  const leftMs = claims.expiresAt.getTime() - now;
  if (leftMs <= 0) return 'expired';
  return leftMs < NEAR_EXPIRY_MS ? 'near expiry' : 'good';
}
