import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { readablePage } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { templateSchema } from '../schemas/template.js';
import { viewTemplate } from '../views/template.js';

export const listTemplates = operation({
  method: 'get',
  path: '/templates',
  tag: 'Templates',
  summary: 'List the templates',
  query: pageQuerySchema,
  result: pageSchema(templateSchema),
  handler: async ({ subject, query, deps }) => {
    const templates = await deps.store.organization(subject.organizationUuid).templates(readablePage(subject, query));
    return page(templates, (template) => viewTemplate(subject, template));
  },
});
