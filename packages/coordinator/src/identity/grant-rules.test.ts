import { describe, expect, it } from '@jest/globals';
import { asUuid, type AccessLevel, type GrantLevel, type Subject, type User } from '@eden/domain';
import { assertMayActAs, resourcesKeptFrom } from './grant-rules.js';

const [ME, ROBOT, RESOURCE] = [1, 2, 3].map((n) => asUuid(`550e8400-e29b-41d4-a716-44665544000${n}`)) as [
  User['uuid'],
  User['uuid'],
  User['uuid'],
];

const subject = (level: AccessLevel, own?: GrantLevel): Subject =>
  ({ userUuid: ME, level, grants: new Map(own === undefined ? [] : [[RESOURCE, own]]) }) as unknown as Subject;

/** Somebody of the level Write, who may have a grant. */
function actAs(by: Subject, theirs: GrantLevel | undefined, uuid = ROBOT): Promise<void> {
  const grants = new Map(theirs === undefined ? [] : [[RESOURCE, theirs]]);
  return assertMayActAs({ grantsOf: () => Promise.resolve(grants) }, by, { uuid, accessLevel: 'Write' });
}

describe('the key or the password of somebody else', () => {
  it('is for those who have as much wherever that one has a grant', async () => {
    const refused = { code: 'INSUFFICIENT_PERMISSIONS' };
    await actAs(subject('Admin'), undefined);
    await actAs(subject('Admin'), 'Admin');
    await actAs(subject('SuperAdmin', 'None'), 'SuperAdmin');
    await actAs(subject('Admin', 'None'), 'SuperAdmin', ME);
    await expect(actAs(subject('Admin'), 'SuperAdmin')).rejects.toMatchObject(refused);
    await expect(actAs(subject('Admin', 'None'), 'Read')).rejects.toMatchObject(refused);
  });

  it('is for nobody whom a grant keeps from what that one may do', async () => {
    const refused = { code: 'INSUFFICIENT_PERMISSIONS' };
    for (const own of ['None', 'Read'] as const) {
      await expect(actAs(subject('Admin', own), undefined)).rejects.toMatchObject(refused);
      await actAs(subject('Admin', own), own);
    }
    await actAs(subject('Admin', 'Write'), undefined);
    await actAs(subject('SuperAdmin', 'None'), undefined);
  });
});

describe('whoever is made', () => {
  it('is kept from what keeps its maker below what they can give', () => {
    expect(resourcesKeptFrom(subject('Admin'))).toEqual([]);
    expect(resourcesKeptFrom(subject('Admin', 'None'))).toEqual([RESOURCE]);
    expect(resourcesKeptFrom(subject('Admin', 'Read'))).toEqual([RESOURCE]);
    expect(resourcesKeptFrom(subject('Admin', 'Write'))).toEqual([]);
    expect(resourcesKeptFrom(subject('SuperAdmin', 'None'))).toEqual([]);
  });
});
