import type { Migration } from '@eden/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { useResource } from './use-resource.js';

/** By id or uuid. */
export function useMigration(ref: string, everyMs?: (migration: Migration) => number): UseQueryResult<Migration> {
  return useResource<Migration>({
    key: ['migration', ref],
    read: async (http, signal) => {
      const answer = await http.GET('/api/v1/migrations/{migration}', { params: { path: { migration: ref } }, signal });
      // Without X-Eden-Verbose it is the basic form.
      return answer as { data?: { data: Migration }; response: Response };
    },
    ...(everyMs === undefined ? {} : { everyMs }),
  });
}
