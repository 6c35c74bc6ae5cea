import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { apiSchema } from '../schemas/api.js';
import { dataSchema } from '../schemas/envelope.js';
import { viewApi } from '../views/api.js';

export const getApi = operation({
  method: 'get',
  path: '/apis/{api}',
  tag: 'APIs',
  summary: 'Show an API',
  result: dataSchema(apiSchema),
  handler: async ({ subject, path, deps }) =>
    data(viewApi(subject, await deps.store.organization(subject.organizationUuid).api(path.api))),
});
