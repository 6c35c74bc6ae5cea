import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { templateSchema } from '../schemas/template.js';
import { viewTemplate } from '../views/template.js';

export const listTemplates = operation({
  method: 'get',
  path: '/templates',
  tag: 'Templates',
  summary: 'List the templates',
  level: 'Read',
  query: pageQuerySchema,
  result: pageSchema(templateSchema),
  handler: async ({ subject, query, deps }) =>
    page(await deps.store.organization(subject.organizationUuid).templates(pageRequest(query)), viewTemplate),
});
