import type {
  BoundTemplate,
  CompiledTemplate,
  JsonObject,
  Template,
  TemplateDefinition,
  TemplatePort,
} from '@eden/domain';
import { queriesOf } from '@eden/domain';
import { attributeError } from './attribute-error.js';

const MAX_CACHED = 2_000;
const caches = new WeakMap<TemplatePort, Map<string, CompiledTemplate>>();

/** In UTF-16 units. Longer texts are not worth their memory: hardly anything is compiled of a text as it is. */
const LONGEST_CACHED = 256 * 1024;

/** Compiles a stored template, once per version: its text cannot change without the version changing. */
function compileTemplate(templates: TemplatePort, template: Template): CompiledTemplate {
  const cache = cacheOf(templates);
  const key = `${template.uuid}:${template.version}`;
  const compiled = cache.get(key) ?? templates.compile(template);
  if (lengthOf(template) > LONGEST_CACHED) return compiled;
  // Moved to the end on every use, so that the first key is the one unused for longest.
  cache.delete(key);
  cache.set(key, compiled);
  if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value ?? key);
  return compiled;
}

/** Of all its texts, in UTF-16 units. */
export function lengthOf({ body, settings: { rollback } }: TemplateDefinition): number {
  const operations = [...queriesOf(body), ...(rollback === undefined ? [] : queriesOf(rollback))];
  return operations.reduce((sum, { query }) => sum + query.length, 0);
}

/** True when the template takes SQL text from its values: whoever runs it decides what it does. */
export function usesRaw(templates: TemplatePort, template: Template): boolean {
  return compileTemplate(templates, template).usesRaw;
}

/** The names of all values that the template takes. */
export function parametersOf(templates: TemplatePort, template: Template): readonly string[] {
  return compileTemplate(templates, template).parameters.map(({ name }) => name);
}

/**
 * Gives a stored template its values.
 * @throws EdenError REQUIRED_PARAMETER_MISSING (context: parameter, template), TEMPLATE_NOT_RENDERED (context: template_id, details)
 */
export function bindTemplate(templates: TemplatePort, template: Template, values: JsonObject): BoundTemplate {
  try {
    return compileTemplate(templates, template).bind(values);
  } catch (error) {
    throw attributeError(error, template);
  }
}

function cacheOf(templates: TemplatePort): Map<string, CompiledTemplate> {
  const existing = caches.get(templates);
  if (existing !== undefined) return existing;
  const created = new Map<string, CompiledTemplate>();
  caches.set(templates, created);
  return created;
}
