import { describe, expect, it } from '@jest/globals';
import type { AccessLevel, Subject, User } from '@eden/domain';
import { ACCESS_LEVELS, asUuid, hasLevel } from '@eden/domain';
import fc from 'fast-check';
import { assertMayAlter, assertMayCreate, assertMayDelete } from './user-rules.js';

const ME = asUuid('550e8400-e29b-41d4-a716-446655440001');
const OTHER = asUuid('550e8400-e29b-41d4-a716-446655440002');

const subject = (level: AccessLevel): Subject => ({ userUuid: ME, level }) as Subject;
const user = (uuid: User['uuid'], accessLevel: AccessLevel): User => ({ uuid, accessLevel }) as User;
const level = fc.constantFrom(...ACCESS_LEVELS);

function isAllowed(rule: () => void): boolean {
  try {
    rule();
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    return false;
  }
}

describe('who may change whom', () => {
  it('lets only SuperAdmins make, alter and delete those who administer', () => {
    fc.assert(
      fc.property(level, level, (mine, theirs) => {
        const allowed = hasLevel(mine, hasLevel(theirs, 'Admin') ? 'SuperAdmin' : 'Admin');
        expect(isAllowed(() => assertMayCreate(subject(mine), theirs))).toBe(allowed);
        expect(isAllowed(() => assertMayAlter(subject(mine), user(OTHER, theirs)))).toBe(allowed);
        expect(isAllowed(() => assertMayDelete(subject(mine), user(OTHER, theirs)))).toBe(allowed);
      }),
    );
  });

  it('lets nobody raise others above what he could create', () => {
    fc.assert(
      fc.property(level, level, level, (mine, theirs, given) => {
        const allowed = isAllowed(() => assertMayAlter(subject(mine), user(OTHER, theirs), given));
        expect(!allowed || isAllowed(() => assertMayCreate(subject(mine), given))).toBe(true);
      }),
    );
  });

  it('lets nobody raise himself, and everybody step down or change his password', () => {
    fc.assert(
      fc.property(level, level, (mine, given) => {
        const isRaise = mine !== given && hasLevel(given, mine);
        expect(isAllowed(() => assertMayAlter(subject(mine), user(ME, mine), given))).toBe(!isRaise);
      }),
    );
  });
});
