import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { readablePage } from '../http/page-request.js';
import { apiSchema } from '../schemas/api.js';
import { z } from 'zod';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { viewApi } from '../views/api.js';

export const listApis = operation({
  method: 'get',
  path: '/apis',
  tag: 'APIs',
  summary: 'List the APIs',
  query: pageQuerySchema.extend({
    managed: z.enum(['true', 'false']).default('false').describe('Those of sources as well'),
  }),
  result: pageSchema(apiSchema),
  handler: async ({ subject, query, deps }) => {
    const apis = await deps.store
      .organization(subject.organizationUuid)
      .apis(readablePage(subject, query), query.managed === 'true');
    return page(apis, (api) => viewApi(subject, api));
  },
});
