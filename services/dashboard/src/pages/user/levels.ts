import type { Caller } from '../../session/session.js';

export const LEVELS = ['Read', 'Write', 'Admin', 'SuperAdmin'] as const;
export type Level = (typeof LEVELS)[number];

/** What a caller may make somebody: Admins and SuperAdmins are made by SuperAdmins alone. */
export function givenBy({ level }: Caller): readonly Level[] {
  return level === 'SuperAdmin' ? LEVELS : LEVELS.slice(0, 2);
}

/** Whether the caller may change, or take away, somebody with this level. */
export function mayManage(caller: Caller, { access_level: level }: { readonly access_level: Level }): boolean {
  return givenBy(caller).includes(level);
}
