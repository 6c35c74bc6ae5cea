import type { CreateTemplate } from '@eden/coordinator';
import type { z } from 'zod';
import type { newTemplateSchema } from '../schemas/template.js';
import type { Exact } from './exact.js';

/** A template as a body has it, as the use cases take it. */
export function newTemplateOf(body: Exact<z.output<typeof newTemplateSchema>>): CreateTemplate {
  const { id, description = null, template, ...settings } = body;
  const { endpoint, endpoint_kind: endpointKind, kind, template: text } = template;
  return {
    id,
    description,
    endpoint,
    ...(endpointKind === undefined ? {} : { endpointKind }),
    kind,
    body: text,
    settings,
  };
}
