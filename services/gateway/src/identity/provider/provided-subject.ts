import type { ControlStore, Subject } from '@eden/domain';
import { EdenError } from '@eden/domain';
import type { ProviderIdentity } from './claims.js';

/**
 * As whom somebody of the identity provider acts. No user can have that name.
 * @throws EdenError AUTHENTICATION_REQUIRED when they, or the token, were revoked, or there is no such organization
 */
export async function subjectOf(
  { identity }: Pick<ControlStore, 'identity'>,
  { organization, subject, level, jti }: ProviderIdentity & { readonly jti: string },
): Promise<Subject> {
  const found = await identity.authenticateProvided({ organization, subject, jti });
  if (found === null) throw new EdenError('AUTHENTICATION_REQUIRED');
  return { ...found, level };
}
