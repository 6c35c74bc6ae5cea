import type { AccessLevel, Subject, User } from '@eden/domain';
import { EdenError, hasLevel, requireLevel } from '@eden/domain';

/** Who may give a level: Admins hand out Read and Write, SuperAdmins all of them. */
function levelToGive(level: AccessLevel): AccessLevel {
  return hasLevel(level, 'Admin') ? 'SuperAdmin' : 'Admin';
}

/** @throws EdenError INSUFFICIENT_PERMISSIONS */
export function assertMayCreate(subject: Subject, level: AccessLevel): void {
  requireLevel(subject, levelToGive(level));
}

export function isRaise(target: User, newLevel: AccessLevel): boolean {
  return newLevel !== target.accessLevel && hasLevel(newLevel, target.accessLevel);
}

/**
 * An Admin or SuperAdmin is altered by SuperAdmins only, or by himself; nobody raises himself.
 * @throws EdenError INSUFFICIENT_PERMISSIONS
 */
export function assertMayAlter(subject: Subject, target: User, newLevel: AccessLevel = target.accessLevel): void {
  if (target.uuid !== subject.userUuid) {
    requireLevel(subject, levelToGive(target.accessLevel));
    requireLevel(subject, levelToGive(newLevel));
  } else if (isRaise(target, newLevel)) {
    const levels = { required_level: newLevel, user_level: subject.level };
    throw new EdenError('INSUFFICIENT_PERMISSIONS', { ...levels, details: 'Nobody can raise their own level' });
  }
}

/** Whether the subject gets past `assertMayAlter` with something that leaves the target's level alone. */
export function mayAlter(subject: Subject, target: User): boolean {
  return target.uuid === subject.userUuid || mayDelete(subject, target);
}

export function mayDelete({ level }: Subject, { accessLevel }: User): boolean {
  return hasLevel(level, levelToGive(accessLevel));
}

/** @throws EdenError INSUFFICIENT_PERMISSIONS */
export function assertMayDelete(subject: Subject, target: User): void {
  requireLevel(subject, levelToGive(target.accessLevel));
}
