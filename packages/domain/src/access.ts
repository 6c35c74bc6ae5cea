import { EdenError } from './errors.js';
import type { Uuid } from './ids.js';

/** Organization levels, weakest first. */
export const ACCESS_LEVELS = ['Read', 'Write', 'Admin', 'SuperAdmin'] as const;
export type AccessLevel = (typeof ACCESS_LEVELS)[number];

export interface Organization {
  readonly uuid: Uuid;
  readonly id: string;
  readonly description: string | null;
  readonly createdAt: Date;
}

export interface User {
  readonly uuid: Uuid;
  readonly username: string;
  readonly description: string | null;
  readonly accessLevel: AccessLevel;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Who is acting, in which organization, with which level now (read live, not from the token). */
export interface Subject {
  readonly organizationUuid: Uuid;
  readonly organizationId: string;
  readonly userUuid: Uuid;
  readonly username: string;
  readonly level: AccessLevel;
}

export function hasLevel(level: AccessLevel, required: AccessLevel): boolean {
  return ACCESS_LEVELS.indexOf(level) >= ACCESS_LEVELS.indexOf(required);
}

/** @throws EdenError INSUFFICIENT_PERMISSIONS */
export function requireLevel(subject: Subject, required: AccessLevel): void {
  if (hasLevel(subject.level, required)) return;
  throw new EdenError('INSUFFICIENT_PERMISSIONS', { required_level: required, user_level: subject.level });
}
