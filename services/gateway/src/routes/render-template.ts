import { renderTemplate as render } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { jsonObjectSchema } from '../schemas/json.js';
import { renderedTemplateSchema } from '../schemas/template.js';

export const renderTemplate = operation({
  method: 'post',
  path: '/templates/{template}/render',
  tag: 'Templates',
  summary: 'Show the statements of a template without running them',
  body: jsonObjectSchema,
  result: dataSchema(renderedTemplateSchema),
  errors: ['REQUIRED_PARAMETER_MISSING', 'TEMPLATE_NOT_RENDERED'],
  handler: async ({ subject, path, body, deps }) => {
    const { statements } = await render(deps, subject, path.template, body);
    return data({ statements: statements.map(({ text, params }) => ({ query: text, params: [...params] })) });
  },
});
