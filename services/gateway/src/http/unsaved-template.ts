import type { z } from 'zod';
import type { UnsavedTemplate } from '@eden/coordinator';
import type { Exact } from './exact.js';
import type { unsavedTemplateSchema } from '../schemas/tools.js';

/** The template of a body; its id, where it has one, is for its author. */
export function unsavedTemplate(body: Exact<z.output<typeof unsavedTemplateSchema>>): UnsavedTemplate {
  const { id, description, template, values = {}, ...settings } = body;
  const { endpoint, endpoint_uuid: uuid, endpoint_kind: endpointKind, kind, template: text } = template;
  const ref = endpoint ?? uuid;
  return {
    ...(id === undefined ? {} : { id }),
    kind,
    body: text,
    settings,
    values,
    ...(ref === undefined ? {} : { endpoint: ref }),
    ...(endpointKind === undefined ? {} : { endpointKind }),
  };
}
