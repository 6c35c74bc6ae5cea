import type { AccessLevel } from '@eden/domain';
import { ACCESS_LEVELS, EdenError, ID_PATTERN, hasLevel } from '@eden/domain';

/** A token's payload: whatever the provider says. */
export type Claims = Readonly<Record<string, unknown>>;

/** A claim by its name, or by a way through objects, as Keycloak's `realm_access.roles`. */
export function claimOf(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((value, key) => {
    return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
      ? (value as Claims)[key]
      : undefined;
  }, claims);
}

/** One text or several. */
function textsOf(value: unknown): readonly string[] {
  return [value].flat().filter((text): text is string => typeof text === 'string');
}

/**
 * The highest level that the claim says: by the map, or, without one, by the levels' own names. Null when it says none.
 */
export function levelOf(value: unknown, levels: ReadonlyMap<string, AccessLevel> | null): AccessLevel | null {
  const named = levels ?? new Map(ACCESS_LEVELS.map((level) => [level as string, level]));
  return textsOf(value).reduce<AccessLevel | null>((highest, text) => {
    const level = named.get(text);
    if (level === undefined || (highest !== null && hasLevel(highest, level))) return highest;
    return level;
  }, null);
}

/** Which claims say what. */
export interface ClaimMapping {
  readonly organizationClaim: string;
  readonly levelClaim: string;
  /** Level by group; null: the claim has the level's own name. */
  readonly levels: ReadonlyMap<string, AccessLevel> | null;
}

/** Somebody whom the identity provider vouches for. */
export interface ProviderIdentity {
  readonly subject: string;
  /** Id or uuid. */
  readonly organization: string;
  readonly level: AccessLevel;
}

/** OpenID Connect allows no longer ones. */
const SUBJECT = /^[\x20-\x7e]{1,255}$/;

/** Of claims that have been checked. @throws EdenError AUTHENTICATION_REQUIRED */
export function identityOf(claims: Claims, mapping: ClaimMapping): ProviderIdentity {
  const { organizationClaim, levelClaim, levels } = mapping;
  const organization = claimOf(claims, organizationClaim);
  const level = levelOf(claimOf(claims, levelClaim), levels);
  const { sub: subject } = claims;
  if (typeof subject !== 'string' || !SUBJECT.test(subject)) throw refused('The token has no subject');
  if (typeof organization !== 'string' || !ID_PATTERN.test(organization))
    throw refused(`The token names no organization in "${organizationClaim}"`);
  if (level === null) throw refused(`The token has no level of this installation in "${levelClaim}"`);
  return { subject, organization, level };
}

function refused(details: string): EdenError {
  return new EdenError('AUTHENTICATION_REQUIRED', { details });
}
