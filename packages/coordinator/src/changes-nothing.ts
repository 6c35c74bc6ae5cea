import type { Changes } from '@eden/domain';
import { isSameJson } from '@eden/domain';

/** Whether all that is to change is so already: then nobody waits for it, and nothing is out of date for it. */
export function changesNothing<T extends object>(current: T, changes: Changes<T>): boolean {
  return Object.keys(differing(current, changes)).length === 0;
}

/** Those of the changes that are not so already. */
export function differing<T extends object, C extends Changes<T>>(current: T, changes: C): Partial<C> {
  const there = new Map<string, unknown>(Object.entries(current));
  const differs = ([key, value]: [string, unknown]) => value !== undefined && !isSameJson(there.get(key), value);
  return Object.fromEntries(Object.entries(changes).filter(differs)) as Partial<C>;
}
