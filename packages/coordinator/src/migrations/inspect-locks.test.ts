import { expect, it } from '@jest/globals';
import { asUuid, EdenError, type Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { inspectLocks } from './inspect-locks.js';

const [HERE, GONE] = [1, 2].map((n) => asUuid(`550e8400-e29b-41d4-a716-44665544000${n}`)) as [
  Subject['organizationUuid'],
  Subject['organizationUuid'],
];

it('lists the locks of the others when a migration has gone meanwhile', async () => {
  const organization = () => ({
    openRuns: () => Promise.resolve([HERE, GONE].map((uuid) => ({ migrationUuid: uuid, migrationId: uuid }))),
    migration: (uuid: string) =>
      uuid === HERE
        ? Promise.resolve({ uuid, apiUuids: [] })
        : Promise.reject(new EdenError('MIGRATION_NOT_FOUND', { migration_id: uuid })),
  });
  const inspect = (resource: unknown) =>
    Promise.resolve({ resource, writer: { process: 'worker' }, readers: [], waiting: [] });
  const deps = { store: { organization }, locks: { inspect } } as unknown as CoordinatorDeps;
  const locks = await inspectLocks(deps, { organizationUuid: HERE } as Subject, []);
  expect(locks.map(({ migrationId }) => migrationId)).toEqual([HERE]);
});
