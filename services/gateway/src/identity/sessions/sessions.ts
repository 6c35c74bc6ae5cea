import { createHash, randomBytes } from 'node:crypto';
import type { BrowserSession, ControlStore, Subject } from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { HttpRequest } from '../../http/http-request.js';
import { subjectOf } from '../provider/provided-subject.js';
import { cookieHeader, cookieOf, SESSION_COOKIE } from './cookies.js';

const PATH = '/api/v1/auth/session';
const SECRET_BYTES = 32;
const MS_PER_SECOND = 1000;

type IdentityPart = Pick<ControlStore, 'identity'>;

/** Whoever comes with a cookie, and no other site in their name. @throws EdenError AUTHENTICATION_REQUIRED */
export function secretOf(http: HttpRequest): string {
  const secret = cookieOf(http, SESSION_COOKIE);
  if (secret === null || http.header('x-eden-csrf') !== '1') {
    throw new EdenError('AUTHENTICATION_REQUIRED', {
      suggestion: 'Send the session cookie and the header X-Eden-Csrf: 1',
    });
  }
  return secret;
}

function hash(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}

/** The sessions of browsers, whose access tokens live in memory and are fetched by a cookie (contract section 7). */
export class Sessions {
  constructor(private readonly longestMs: number) {}

  /** Answers the header that sets its cookie. */
  async open({ identity }: IdentityPart, http: HttpRequest, subject: Subject, loggedInAt: Date): Promise<string> {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const { organizationUuid, level } = subject;
    const provided = subject.provided === undefined ? null : { subject: subject.provided, level };
    await identity.openSession(hash(secret), {
      organizationUuid,
      userUuid: provided === null ? subject.userUuid : null,
      provided,
      loggedInAt,
      expiresAt: new Date(loggedInAt.getTime() + this.longestMs),
    });
    return this.cookie(http, secret, Math.floor(this.longestMs / MS_PER_SECOND));
  }

  /** As whom a browser goes on. @throws EdenError AUTHENTICATION_REQUIRED when the session, or its owner, is gone */
  async resume({ identity }: IdentityPart, secret: string): Promise<{ subject: Subject; loggedInAt: Date }> {
    const session = await identity.session(hash(secret));
    const subject = session === null ? null : await ownerOf({ identity }, session);
    if (session === null || subject === null) throw new EdenError('AUTHENTICATION_REQUIRED');
    return { subject, loggedInAt: session.loggedInAt };
  }

  /** Answers the header that takes the cookie away. */
  async close({ identity }: IdentityPart, http: HttpRequest, secret: string): Promise<string> {
    await identity.closeSession(hash(secret));
    return this.cookie(http, '', 0);
  }

  private cookie(http: HttpRequest, value: string, maxAgeSeconds: number): string {
    return cookieHeader(http, { name: SESSION_COOKIE, value, path: PATH, sameSite: 'Strict', maxAgeSeconds });
  }
}

/** Null once a user is gone, or has another password than at the login. */
function ownerOf(store: IdentityPart, session: BrowserSession): Promise<Subject | null> {
  const { uuid, organizationUuid, userUuid, provided, loggedInAt } = session;
  if (provided !== null) return subjectOf(store, { ...provided, organization: organizationUuid, jti: uuid });
  return userUuid === null ? Promise.resolve(null) : store.identity.authenticate(userUuid, uuid, loggedInAt);
}
