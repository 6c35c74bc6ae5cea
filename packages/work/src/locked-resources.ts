import type { LockResource, Member, OrganizationReader, Uuid } from '@eden/domain';

/** What is write-locked in one acquire by a run, and by whoever ends one: the migration and all its APIs. */
export async function lockedWith(reader: OrganizationReader, migrationUuid: Uuid): Promise<readonly LockResource[]> {
  return lockedOf(migrationUuid, await reader.members(migrationUuid));
}

/** The same, of members that are known. */
export function lockedOf(migrationUuid: Uuid, members: readonly Pick<Member, 'api'>[]): readonly LockResource[] {
  return [
    { kind: 'migration', uuid: migrationUuid },
    ...members.map(({ api }) => ({ kind: 'api' as const, uuid: api.uuid })),
  ];
}
