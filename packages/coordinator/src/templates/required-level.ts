import type { AccessLevel, Template, TemplatePort } from '@eden/domain';
import { usesRaw } from '@eden/work';

/** Read templates need Read, the others Write, those with `{{raw x}}` Admin; together they need the highest. */
export function requiredLevelOf(templates: TemplatePort, used: readonly Template[]): AccessLevel {
  if (used.some((template) => usesRaw(templates, template))) return 'Admin';
  return used.every(({ kind }) => kind === 'Read') ? 'Read' : 'Write';
}
