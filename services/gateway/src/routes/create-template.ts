import { createTemplate as create } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { identitySchema } from '../schemas/identifiers.js';
import { newTemplateSchema } from '../schemas/template.js';

export const createTemplate = operation({
  method: 'post',
  path: '/templates',
  tag: 'Templates',
  summary: 'Create a template',
  level: 'Admin',
  body: newTemplateSchema,
  result: messageWithDataSchema(identitySchema),
  errors: ['ENDPOINT_NOT_FOUND', 'TEMPLATE_EXISTS'],
  handler: async ({ subject, body, deps }) => {
    const { id: name, description = null, template, ...settings } = body;
    const { id, uuid } = await create(deps, subject, {
      id: name,
      description,
      endpoint: template.endpoint,
      ...(template.endpoint_kind === undefined ? {} : { endpointKind: template.endpoint_kind }),
      kind: template.kind,
      body: template.template,
      settings,
    });
    return doneWith({ id, uuid });
  },
});
