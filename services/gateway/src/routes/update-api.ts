import { updateApi as update } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { apiChangesSchema, apiSchema } from '../schemas/api.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { viewApi } from '../views/api.js';

export const updateApi = operation({
  method: 'patch',
  path: '/apis/{api}',
  tag: 'APIs',
  summary: 'Change an API; fields and bindings are replaced as a whole',
  body: apiChangesSchema,
  result: messageWithDataSchema(apiSchema),
  errors: ['API_MANAGED', 'TEMPLATE_NOT_FOUND', 'RUN_IN_PROGRESS', 'LOCK_TIMEOUT'],
  handler: async ({ subject, path, body, deps }) =>
    doneWith(viewApi(subject, await update(deps, subject, path.api, body))),
});
