import type { Changes } from '@eden/domain';
import { isSameJson } from '@eden/domain';

/** Whether all that is to change is so already: then nobody waits for it, and nothing is out of date for it. */
export function changesNothing<T extends object>(current: T, changes: Changes<T>): boolean {
  const there = new Map<string, unknown>(Object.entries(current));
  return Object.entries(changes).every(([key, value]) => value === undefined || isSameJson(there.get(key), value));
}
