import type { Template } from '@eden/client';
import type { UseQueryResult } from '@tanstack/react-query';
import { useResource } from '../../data/use-resource.js';

export function useTemplate(id: string): UseQueryResult<Template> {
  return useResource<Template>({
    key: ['template', id],
    read: (http, signal) => http.GET('/api/v1/templates/{template}', { params: { path: { template: id } }, signal }),
  });
}
