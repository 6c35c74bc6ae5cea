import type { PageRequest, Subject, Uuid } from '@eden/domain';

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

export function pageRequest({ limit, cursor }: PageQuery): PageRequest {
  return { limit, cursor: cursor ?? null };
}

/** What a grant keeps from the subject, whatever it is. */
export function hiddenFrom({ grants }: Pick<Subject, 'grants'>): Uuid[] {
  return [...grants].filter(([, level]) => level === 'None').map(([uuid]) => uuid);
}

/** A page of what the subject may read. */
export function readablePage(subject: Subject, query: PageQuery): PageRequest {
  return { ...pageRequest(query), hidden: hiddenFrom(subject) };
}
