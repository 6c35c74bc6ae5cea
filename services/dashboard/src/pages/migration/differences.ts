import type { Drift } from '@eden/client';

/** What is another way than it was, in how many databases ever it is so. */
export interface Difference extends Pick<Drift, 'object' | 'change' | 'before' | 'after'> {
  readonly key: string;
  /** Ids, in their order. */
  readonly endpoints: readonly string[];
}

/** One diff over many databases: what has changed in the same way in several stands there once. */
export function differencesOf(drift: readonly Drift[]): readonly Difference[] {
  const found = new Map<string, Difference>();
  for (const { endpoint, object, change, before, after } of drift) {
    const key = JSON.stringify([object, change, before, after]);
    const endpoints = [...(found.get(key)?.endpoints ?? []), endpoint];
    found.set(key, { key, object, change, before, after, endpoints: endpoints.toSorted() });
  }
  return [...found.values()].sort((a, b) => a.object.localeCompare(b.object));
}
