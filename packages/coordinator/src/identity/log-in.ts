import type { AuditEntry, Origin, Ref, Subject } from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { IdentityDeps } from './deps.js';

export interface LogIn {
  readonly organization: Ref;
  readonly username: string;
  readonly password: string;
  readonly origin: Origin;
}

/** Who logs in. One answer for an unknown organization or user and a wrong password. @throws EdenError AUTHENTICATION_REQUIRED */
export async function logIn(deps: IdentityDeps, { organization, username, password, origin }: LogIn): Promise<Subject> {
  const login = await deps.store.identity.findLogin(organization, username);
  const matches = await deps.passwords.verify(password, login?.passwordHash ?? null);
  // A name that nobody has may be a password in the wrong field: it stands in no audit.
  if (login === null) throw new EdenError('AUTHENTICATION_REQUIRED');
  const audit = deps.store.audit(login.subject.organizationUuid);
  const entry = { actor: username, origin, action: 'auth.login', subject: username, data: {} } satisfies AuditEntry;
  if (!matches) {
    const refusal = new EdenError('AUTHENTICATION_REQUIRED');
    // Not waited for: nobody can tell by the time it takes that there is such a user.
    void audit.append({ ...entry, result: refusal.code }).catch((error: unknown) => {
      deps.telemetry.log.warn('refusal not audited', { error });
    });
    throw refusal;
  }
  await audit.append(entry);
  return login.subject;
}
