import type { LockResource, OrganizationReader, Uuid } from '@eden/domain';

/** What is write-locked in one acquire by a run, and by whoever ends one: the migration and all its APIs. */
export async function lockedWith(reader: OrganizationReader, migrationUuid: Uuid): Promise<readonly LockResource[]> {
  const members = await reader.members(migrationUuid);
  return [
    { kind: 'migration', uuid: migrationUuid },
    ...members.map(({ api }) => ({ kind: 'api' as const, uuid: api.uuid })),
  ];
}
