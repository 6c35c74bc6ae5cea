import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { templateSchema } from '../schemas/template.js';
import { viewTemplate } from '../views/template.js';

export const getTemplate = operation({
  method: 'get',
  path: '/templates/{template}',
  tag: 'Templates',
  summary: 'Show a template',
  result: dataSchema(templateSchema),
  handler: async ({ subject, path, deps }) =>
    data(viewTemplate(subject, await deps.store.organization(subject.organizationUuid).template(path.template))),
});
