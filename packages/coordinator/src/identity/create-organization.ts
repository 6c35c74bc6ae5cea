import type { Organization, Origin } from '@eden/domain';
import type { IdentityDeps } from './deps.js';

export interface CreateOrganization {
  readonly id: string;
  readonly description: string | null;
  /** Its first SuperAdmins, at least one. */
  readonly superAdmins: readonly { readonly username: string; readonly password: string }[];
  readonly origin: Origin;
}

/** @throws EdenError ORGANIZATION_EXISTS */
export async function createOrganization(deps: IdentityDeps, command: CreateOrganization): Promise<Organization> {
  const superAdmins = command.superAdmins.map(async ({ username, password }) => ({
    username,
    description: null,
    accessLevel: 'SuperAdmin' as const,
    passwordHash: await deps.passwords.hash(password),
  }));
  return deps.store.identity.createOrganization({ ...command, superAdmins: await Promise.all(superAdmins) });
}
