import type { Ref, Subject } from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { IdentityDeps } from './deps.js';

export interface LogIn {
  readonly organization: Ref;
  readonly username: string;
  readonly password: string;
}

/** Who logs in. One answer for an unknown organization or user and a wrong password. @throws EdenError AUTHENTICATION_REQUIRED */
export async function logIn(deps: IdentityDeps, { organization, username, password }: LogIn): Promise<Subject> {
  const login = await deps.store.identity.findLogin(organization, username);
  const matches = await deps.passwords.verify(password, login?.passwordHash ?? null);
  if (login === null || !matches) throw new EdenError('AUTHENTICATION_REQUIRED');
  return login.subject;
}
