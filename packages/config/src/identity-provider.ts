import type { AccessLevel } from '@eden/domain';
import { ConfigError } from './config-error.js';
import { isSet, type Env } from './env.js';
import type { Values, VariableName } from './variables.js';
import { VARIABLES } from './variables.js';

export const PROVIDER_VARIABLES = [
  'JWT_PUBLIC_KEY',
  'JWKS_URL',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_CLAIM_ORG',
  'JWT_CLAIM_LEVEL',
  'JWT_LEVEL_MAP',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
] as const satisfies readonly VariableName[];

/** Which claims of a provider say what. */
export interface ClaimConfig {
  readonly organizationClaim: string;
  readonly levelClaim: string;
  /** Null: the claim has the level's own name. */
  readonly levels: ReadonlyMap<string, AccessLevel> | null;
}

/** An identity provider whose tokens are taken beside our own. */
export interface ProviderConfig extends ClaimConfig {
  /** One of the two. */
  readonly publicKey: string | undefined;
  readonly jwksUrl: string | undefined;
  readonly issuer: string;
  readonly audience: string;
}

/** Where a browser logs in (OpenID Connect). */
export interface LoginProviderConfig extends ClaimConfig {
  readonly issuer: string;
  readonly clientId: string;
}

type ProviderValues = Values<(typeof PROVIDER_VARIABLES)[number]>;

function claimConfig(values: ProviderValues): ClaimConfig {
  const { JWT_CLAIM_ORG: organizationClaim, JWT_CLAIM_LEVEL: levelClaim, JWT_LEVEL_MAP: levels = null } = values;
  return { organizationClaim, levelClaim, levels };
}

/** Whether tokens of an identity provider are taken. */
export function hasProvider(env: Env): boolean {
  return isSet(env['JWT_PUBLIC_KEY']) || isSet(env['JWKS_URL']);
}

/** Null where there is none. @throws ConfigError for half of one */
export function providerConfig(values: ProviderValues): ProviderConfig | null {
  const { JWT_PUBLIC_KEY: publicKey, JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = values;
  if (publicKey === undefined && jwksUrl === undefined) return null;
  if (publicKey !== undefined && jwksUrl !== undefined) {
    throw new ConfigError('JWT_PUBLIC_KEY and JWKS_URL are both set, expected one of them');
  }
  return {
    ...claimConfig(values),
    publicKey,
    jwksUrl,
    issuer: issuer ?? missing('JWT_ISSUER'),
    audience: audience ?? missing('JWT_AUDIENCE'),
  };
}

/** Null where there is none. @throws ConfigError for half of one */
export function loginProviderConfig(values: ProviderValues): LoginProviderConfig | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret } = values;
  if (issuer === undefined) return null;
  if (secret === undefined) missing('OIDC_CLIENT_SECRET');
  return { ...claimConfig(values), issuer, clientId: clientId ?? missing('OIDC_CLIENT_ID') };
}

function missing(name: VariableName): never {
  throw new ConfigError(`${name} is missing, expected ${VARIABLES[name].description}`);
}
