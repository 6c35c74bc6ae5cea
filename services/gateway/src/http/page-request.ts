import type { PageRequest } from '@eden/domain';

export function pageRequest({ limit, cursor }: { readonly limit: number; readonly cursor?: string }): PageRequest {
  return { limit, cursor: cursor ?? null };
}
