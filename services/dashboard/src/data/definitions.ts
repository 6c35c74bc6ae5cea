import type { Api, Endpoint, Template } from '@eden/client';
import { useAll } from './use-all.js';
import { itemsOf, type ListPage, type ListResult } from './use-resource.js';

/* What migrations are made of. Pages refer to each other's by uuid, and people know them by id. */

export function useEndpoints(): ListResult<ListPage<Endpoint>> {
  return useAll({
    key: ['endpoints'],
    page: (http, query, signal) => http.GET('/api/v1/endpoints', { params: { query }, signal }),
  });
}

export function useTemplates(): ListResult<ListPage<Template>> {
  return useAll({
    key: ['templates'],
    page: (http, query, signal) => http.GET('/api/v1/templates', { params: { query }, signal }),
  });
}

/** With those of sources. */
export function useApis(): ListResult<ListPage<Api>> {
  return useAll({
    key: ['apis'],
    page: (http, query, signal) =>
      http.GET('/api/v1/apis', { params: { query: { ...query, managed: 'true' } }, signal }),
  });
}

/** The one with this uuid; undefined while it is read, and where the caller may not see it. */
export function named<Item extends { readonly uuid: string }>(
  list: ListResult<ListPage<Item>>,
  uuid: string,
): Item | undefined {
  return itemsOf(list).find((item) => item.uuid === uuid);
}

/** Whether somebody who searches for a text means it. */
export function fits(search: string | undefined, ...texts: readonly (string | null)[]): boolean {
  const wanted = (search ?? '').toLowerCase();
  return texts.some((text) => text?.toLowerCase().includes(wanted) === true) || wanted === '';
}
