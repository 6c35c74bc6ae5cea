import type { AccessLevel, Template } from '@eden/domain';

/** Read templates need Read, the others Write; together they need the highest. */
export function requiredLevelOf(templates: readonly Pick<Template, 'kind'>[]): AccessLevel {
  return templates.every(({ kind }) => kind === 'Read') ? 'Read' : 'Write';
}
