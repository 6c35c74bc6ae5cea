import type { components, Connection } from '@eden/client';

const COLLECTIONS = ['endpoints', 'templates', 'apis', 'migrations'] as const;
type Collection = (typeof COLLECTIONS)[number];

export const GRANT_LEVELS = ['None', 'Read', 'Write', 'Admin', 'SuperAdmin'] as const;

/** Who, and which level. */
export type Grant = components['schemas']['Grants']['subjects'][number];

export interface Resource {
  readonly collection: Collection;
  readonly id: string;
}

export function isCollection(text: string): text is Collection {
  return COLLECTIONS.some((collection) => collection === text);
}

type Answer = Promise<{ data?: { data: components['schemas']['Grants'] }; response: Response }>;
type Send = (path: string, init: object) => Answer;

/** The routes of the four kinds differ in a word. */
function routeOf({ collection }: Resource): string {
  return `/api/v1/iam/rbac/${collection}/{resource}/subjects`;
}

export function readGrants(http: Connection, resource: Resource, signal: AbortSignal): Answer {
  return (http.GET as unknown as Send)(routeOf(resource), { params: { path: { resource: resource.id } }, signal });
}

export function putGrant(http: Connection, resource: Resource, grant: Grant): Answer {
  const init = { params: { path: { resource: resource.id } }, body: { subjects: [grant] } };
  return (http.POST as unknown as Send)(routeOf(resource), init);
}

export function deleteGrant(http: Connection, resource: Resource, subject: string): Answer {
  const init = { params: { path: { resource: resource.id, subject } } };
  return (http.DELETE as unknown as Send)(`${routeOf(resource)}/{subject}`, init);
}
