import { createTemplate as create } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { newTemplateOf } from '../http/new-template.js';
import { operation } from '../http/operation.js';
import { TEMPLATE_TEXTS, withTexts } from '../http/template-texts.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { identitySchema } from '../schemas/identifiers.js';
import { newTemplateSchema } from '../schemas/template.js';

export const createTemplate = operation({
  method: 'post',
  path: '/templates',
  tag: 'Templates',
  summary: 'Create a template',
  body: newTemplateSchema,
  upload: { part: 'template', alias: 'source', files: TEMPLATE_TEXTS, merge: withTexts },
  result: messageWithDataSchema(identitySchema),
  errors: ['ENDPOINT_NOT_FOUND', 'TEMPLATE_EXISTS'],
  handler: async ({ subject, body, deps }) => {
    const { id, uuid } = await create(deps, subject, newTemplateOf(body));
    return doneWith({ id, uuid });
  },
});
