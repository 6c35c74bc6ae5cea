import type { Api } from '@eden/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { useResource } from '../../data/use-resource.js';

export function useApi(id: string): UseQueryResult<Api> {
  return useResource<Api>({
    key: ['api', id],
    read: (http, signal) => http.GET('/api/v1/apis/{api}', { params: { path: { api: id } }, signal }),
  });
}
