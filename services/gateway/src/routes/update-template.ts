import { updateTemplate as update } from '@eden/coordinator';
import type { TemplateSettings } from '@eden/domain';
import type { z } from 'zod';
import { doneWith } from '../http/answer.js';
import type { Exact } from '../http/exact.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { templateChangesSchema, templateSchema } from '../schemas/template.js';
import { viewTemplate } from '../views/template.js';

type SettingsChanges = Omit<Exact<z.output<typeof templateChangesSchema>>, 'description' | 'template'>;

/** What is absent stays, null takes away. */
function changeSettings(current: TemplateSettings, changes: SettingsChanges): TemplateSettings {
  const merged = Object.entries({ ...current, ...changes }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged) as TemplateSettings;
}

export const updateTemplate = operation({
  method: 'patch',
  path: '/templates/{template}',
  tag: 'Templates',
  summary: 'Change a template; plans of migrations that bind it are void',
  level: 'Admin',
  body: templateChangesSchema,
  result: messageWithDataSchema(templateSchema),
  errors: ['ENDPOINT_NOT_FOUND', 'RUN_IN_PROGRESS', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, body, deps }) => {
    const { description, template = {}, ...settings } = body;
    const current = await deps.store.organization(subject.organizationUuid).template(path.template);
    const updated = await update(deps, subject, current.uuid, {
      description,
      endpoint: template.endpoint ?? template.endpoint_uuid,
      endpointKind: template.endpoint_kind,
      kind: template.kind,
      body: template.template,
      settings: changeSettings(current.settings, settings),
    });
    return doneWith(viewTemplate(updated));
  },
});
