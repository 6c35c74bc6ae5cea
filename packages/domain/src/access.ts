import { EdenError } from './errors.js';
import type { Uuid } from './ids.js';

/** Organization levels, weakest first. */
export const ACCESS_LEVELS = ['Read', 'Write', 'Admin', 'SuperAdmin'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

/** What a grant on one resource may say: a level, or that there is none. */
export const GRANT_LEVELS = ['None', ...ACCESS_LEVELS] as const;
export type GrantLevel = (typeof GRANT_LEVELS)[number];

/** What grants are given on. */
export const RESOURCE_KINDS = ['endpoint', 'template', 'api', 'migration'] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** What a robot's key may be used for, within its level. */
export const KEY_SCOPES = ['read', 'execute', 'migrate', 'approve', 'gate'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

export interface Organization {
  readonly uuid: Uuid;
  readonly id: string;
  readonly description: string | null;
  readonly createdAt: Date;
}

export interface User {
  readonly uuid: Uuid;
  readonly username: string;
  readonly description: string | null;
  readonly accessLevel: AccessLevel;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A user that is a program: it comes with a key instead of a password. */
export interface Robot extends User {
  readonly scopes: readonly KeyScope[];
  /** Of its key; null = never. */
  readonly keyExpiresAt: Date | null;
}

/** What somebody has on one resource in place of their level. */
export interface ResourceGrant {
  readonly user: Pick<User, 'uuid' | 'username' | 'accessLevel'>;
  readonly level: GrantLevel;
}

/** How the subjects of the identity provider are called here. No user can have such a name. */
const PROVIDED_PREFIX = 'provider:';

export function nameOfProvided(subject: string): string {
  return `${PROVIDED_PREFIX}${subject}`;
}

/** Null for the name of a user or a robot. */
export function providedOfName(name: string): string | null {
  return name.startsWith(PROVIDED_PREFIX) ? name.slice(PROVIDED_PREFIX.length) : null;
}

/** By the resource's uuid. */
export type Grants = ReadonlyMap<Uuid, GrantLevel>;

/** Those of almost everybody. */
export const NO_GRANTS: Grants = new Map();

/** Who is acting, in which organization, with which level now (read live, not from the token). */
export interface Subject {
  readonly organizationUuid: Uuid;
  readonly organizationId: string;
  readonly userUuid: Uuid;
  readonly username: string;
  readonly level: AccessLevel;
  /** Each overrides the level for its resource, both ways. */
  readonly grants: Grants;
  /** Of the key that the caller has shown; null for people, who may do whatever their level allows. */
  readonly scopes: readonly KeyScope[] | null;
  /** The `sub` at the identity provider, of those who have no user. */
  readonly provided?: string;
  /** Of the request, for the audit; absent where none is under way. */
  readonly origin?: Origin;
}

/** A browser that is logged in, as a user or as somebody whom the identity provider vouched for. */
export interface BrowserSession {
  readonly uuid: Uuid;
  readonly organizationUuid: Uuid;
  readonly userUuid: Uuid | null;
  /** In place of a user. */
  readonly provided: { readonly subject: string; readonly level: AccessLevel } | null;
  readonly loggedInAt: Date;
  readonly expiresAt: Date;
}

/** Somebody of the identity provider who may not come in any more. */
export interface Revocation {
  readonly uuid: Uuid;
  /** The `sub` of their tokens. */
  readonly subject: string;
  readonly reason: string | null;
  readonly revokedBy: string;
  readonly createdAt: Date;
}

/** From where a request comes. */
export interface Origin {
  readonly address: string;
  readonly requestId: string;
}

export function hasLevel(level: GrantLevel, required: GrantLevel): boolean {
  return GRANT_LEVELS.indexOf(level) >= GRANT_LEVELS.indexOf(required);
}

/** The subject's level on one resource. */
export function levelOn({ level, grants }: Subject, resource: Uuid): GrantLevel {
  return grants.get(resource) ?? level;
}

/** @throws EdenError INSUFFICIENT_PERMISSIONS */
export function requireLevel(subject: Subject, required: AccessLevel): void {
  assertLevel(subject.level, required);
}

/** @throws EdenError INSUFFICIENT_PERMISSIONS */
export function requireLevelOn(subject: Subject, resource: Uuid, required: AccessLevel): void {
  assertLevel(levelOn(subject, resource), required);
}

function assertLevel(level: GrantLevel, required: AccessLevel): void {
  if (hasLevel(level, required)) return;
  throw new EdenError('INSUFFICIENT_PERMISSIONS', { required_level: required, user_level: level });
}

/**
 * Any one of the scopes will do.
 * @throws EdenError INSUFFICIENT_PERMISSIONS for a key that has none of them
 */
export function requireScope(
  { scopes: own, level: userLevel }: Subject,
  { scopes, level }: { readonly scopes: readonly KeyScope[]; readonly level: AccessLevel },
): void {
  if (own === null || scopes.some((scope) => own.includes(scope))) return;
  throw new EdenError('INSUFFICIENT_PERMISSIONS', {
    required_level: level,
    user_level: userLevel,
    required_scopes: scopes,
    key_scopes: own,
    suggestion: scopes.length === 0 ? 'No API key may do this: log in as a user' : 'Use a key with one of these scopes',
  });
}
