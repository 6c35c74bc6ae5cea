import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { hookSchema } from '../schemas/hook.js';
import { viewHook } from '../views/hook.js';

export const listHooks = operation({
  method: 'get',
  path: '/iam/hooks',
  tag: 'Identity',
  summary: 'List the deploy hooks',
  query: pageQuerySchema,
  result: pageSchema(hookSchema),
  handler: async ({ subject, query, deps }) =>
    page(await deps.store.organization(subject.organizationUuid).hooks(pageRequest(query)), viewHook),
});
