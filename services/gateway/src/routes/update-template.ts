import { updateTemplate as update } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { TEMPLATE_TEXTS, withTexts } from '../http/template-texts.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { templateChangesSchema, templateSchema } from '../schemas/template.js';
import { viewTemplate } from '../views/template.js';

export const updateTemplate = operation({
  method: 'patch',
  path: '/templates/{template}',
  tag: 'Templates',
  summary: 'Change a template; plans of migrations that bind it are void',
  body: templateChangesSchema,
  upload: { part: 'template', alias: 'source', files: TEMPLATE_TEXTS, merge: withTexts },
  result: messageWithDataSchema(templateSchema),
  errors: ['ENDPOINT_NOT_FOUND', 'RUN_IN_PROGRESS', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, body, deps }) => {
    const { description, template = {}, ...settings } = body;
    const updated = await update(deps, subject, path.template, {
      description,
      endpoint: template.endpoint ?? template.endpoint_uuid,
      endpointKind: template.endpoint_kind,
      kind: template.kind,
      body: template.template,
      settings,
    });
    return doneWith(viewTemplate(subject, updated));
  },
});
