import { renderUnsaved } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { unsavedTemplate } from '../http/unsaved-template.js';
import { dataSchema } from '../schemas/envelope.js';
import { renderedTemplateSchema } from '../schemas/template.js';
import { unsavedTemplateSchema } from '../schemas/tools.js';

export const renderUnsavedTemplate = operation({
  method: 'post',
  path: '/tools/render',
  tag: 'Templates',
  summary: 'Show the statements of an unsaved template',
  body: unsavedTemplateSchema,
  result: dataSchema(renderedTemplateSchema),
  errors: ['ENDPOINT_NOT_FOUND', 'REQUIRED_PARAMETER_MISSING', 'TEMPLATE_NOT_RENDERED'],
  handler: async ({ subject, body, deps }) => {
    const statements = await renderUnsaved(deps, subject, unsavedTemplate(body));
    return data({ statements: statements.map(({ text, params }) => ({ query: text, params: [...params] })) });
  },
});
