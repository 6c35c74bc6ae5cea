import { createHash } from 'node:crypto';
import { EdenError, isEdenError } from '@eden/domain';
import { decodeJwt, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { identityOf, type ClaimMapping, type ProviderIdentity } from './claims.js';
import { keysOf, type ProviderKeys } from './provider-keys.js';

export interface ProviderOptions extends ProviderKeys, ClaimMapping {
  readonly issuer: string;
  readonly audience: string;
}

/** What the gateway believes of a token of the provider. */
export interface ProviderToken extends ProviderIdentity {
  readonly jti: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Asymmetric alone: whoever can check a signature cannot make one, and `none` is none of them. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

/** Clocks of two services. */
const CLOCK_TOLERANCE_SECONDS = 5;
const MS_PER_SECOND = 1000;

/** Checks the tokens of the identity provider. */
export class ProviderTokens {
  private readonly keys: JWTVerifyGetKey;

  constructor(private readonly options: ProviderOptions) {
    this.keys = keysOf(options);
  }

  /** Whether the provider is to say what the token is worth. Nothing of it has been checked. */
  claims(token: string): boolean {
    try {
      return decodeJwt(token).iss === this.options.issuer;
    } catch {
      return false;
    }
  }

  /** @throws EdenError AUTHENTICATION_REQUIRED whatever is wrong with it; SERVICE_UNAVAILABLE when its key is not known and cannot be asked for */
  async verify(token: string): Promise<ProviderToken> {
    const payload = await this.check(token);
    const { jti = digest(token), iat = 0, exp = 0 } = payload;
    const time = (seconds: number): Date => new Date(seconds * MS_PER_SECOND);
    return { ...identityOf(payload, this.options), jti: `provider:${jti}`, issuedAt: time(iat), expiresAt: time(exp) };
  }

  private async check(token: string): Promise<JWTPayload> {
    const { issuer, audience } = this.options;
    try {
      const { payload } = await jwtVerify(token, this.keys, {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      });
      return payload;
    } catch (cause) {
      if (isEdenError(cause)) throw cause;
      throw new EdenError('AUTHENTICATION_REQUIRED', {}, { cause });
    }
  }
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
