import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { hookSchema } from '../schemas/hook.js';
import { viewHook } from '../views/hook.js';

export const getHook = operation({
  method: 'get',
  path: '/iam/hooks/{hook}',
  tag: 'Identity',
  summary: 'Show a deploy hook, without its secret',
  result: dataSchema(hookSchema),
  handler: async ({ subject, path, deps }) =>
    data(viewHook(await deps.store.organization(subject.organizationUuid).hook(path.hook))),
});
