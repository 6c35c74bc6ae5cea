import type { AccessLevel, BrowserSession, Organization, Origin, Subject } from '../access.js';
import type { Ref, Uuid } from '../ids.js';

export interface NewUser {
  readonly username: string;
  readonly description: string | null;
  readonly accessLevel: AccessLevel;
  readonly passwordHash: string;
}

export interface ProvidedSubject {
  readonly organization: Ref;
  readonly subject: string;
  readonly jti: string;
}

/** Whose key it is. */
export interface KeyHolder {
  readonly subject: Subject;
  /** Until it expires, in milliseconds; null = never. */
  readonly goodForMs: number | null;
}

/** Lookups that happen before an organization is known. */
export interface IdentityStore {
  /** @throws EdenError ORGANIZATION_EXISTS */
  createOrganization(organization: {
    readonly id: string;
    readonly description: string | null;
    readonly superAdmins: readonly NewUser[];
    readonly origin?: Origin;
  }): Promise<Organization>;
  findLogin(
    organizationRef: Ref,
    username: string,
  ): Promise<{ readonly subject: Subject; readonly passwordHash: string } | null>;
  /** By id or uuid; null when there is none. */
  organizationUuid(ref: Ref): Promise<Uuid | null>;
  /** By the clock of the control database, which dates logins and changes of passwords for all gateways. */
  now(): Promise<Date>;
  /**
   * Live membership, null when the user is gone, the token (`jti`) was revoked, or the password was changed after the
   * login that the token comes from. One query.
   */
  authenticate(userUuid: Uuid, jti: string, loggedInAt: Date): Promise<Subject | null>;
  /** The same for a robot's key; null when there is no such key (any more), or it has expired. */
  authenticateKey(hash: Uint8Array): Promise<KeyHolder | null>;
  /**
   * Somebody whom the identity provider vouches for, without the level that it says; null when there is no such
   * organization, or they, or this token, were revoked. One query for many requests.
   */
  authenticateProvided(question: ProvidedSubject): Promise<Omit<Subject, 'level'> | null>;
  /** Only the hash of its secret is stored. */
  openSession(secretHash: Uint8Array, session: Omit<BrowserSession, 'uuid'>): Promise<void>;
  /** Null when there is none (any more). */
  session(secretHash: Uint8Array): Promise<BrowserSession | null>;
  closeSession(secretHash: Uint8Array): Promise<void>;
  revokeToken(jti: string, expiresAt: Date): Promise<void>;
}
