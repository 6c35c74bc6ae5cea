import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

/**
 * The filters of a list, which stand in the address: a link leads to the same list, and the browser's way back to the one before.
 * Empty ones are not there.
 */
export function useFilters<Name extends string>(
  names: readonly Name[],
): [Readonly<Partial<Record<Name, string>>>, (changes: Partial<Record<Name, string>>) => void] {
  const search = useSearch();
  const [place, navigate] = useLocation();
  const filters = useMemo(() => {
    const given = new URLSearchParams(search);
    const entries = names.map((name) => [name, given.get(name) ?? ''] as const);
    return Object.fromEntries(entries.filter(([, value]) => value !== '')) as Partial<Record<Name, string>>;
  }, [search, names]);
  const change = useCallback(
    (changes: Partial<Record<Name, string>>) => {
      const next = new URLSearchParams(search);
      for (const [name, value] of Object.entries<string | undefined>(changes)) {
        if (value === undefined || value === '') next.delete(name);
        else next.set(name, value);
      }
      const query = next.toString();
      navigate(query === '' ? place : `${place}?${query}`, { replace: true });
    },
    [search, place, navigate],
  );
  return [filters, change];
}
