import type { Connection } from '@eden/client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { useConnection } from './connection.js';
import type { Key } from './use-resource.js';

/** Does something by the API, then reads anew what that has changed, by the first words of its keys. */
export function useAction(): <T>(work: (http: Connection) => Promise<T>, changes: readonly Key[0][]) => Promise<T> {
  const http = useConnection();
  const queries = useQueryClient();
  return useCallback(
    async (work, changes) => {
      try {
        return await work(http);
      } finally {
        for (const kind of changes) void queries.invalidateQueries({ queryKey: [kind] });
      }
    },
    [http, queries],
  );
}
