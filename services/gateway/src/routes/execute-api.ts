import { authorizeApi, executeApi as execute } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { jsonObjectSchema } from '../schemas/json.js';

export const executeApi = operation({
  method: 'post',
  path: '/apis/{api}',
  tag: 'APIs',
  summary: 'Run an API; one with other templates than Read needs the level Write',
  body: jsonObjectSchema,
  result: dataSchema(jsonObjectSchema),
  errors: [
    'REQUIRED_FIELD_MISSING',
    'TEMPLATE_EXECUTION_FAILED',
    'RESULT_TOO_LARGE',
    'LOCK_TIMEOUT',
    'ENDPOINT_UNAVAILABLE',
    'ENDPOINT_NOT_ALLOWED',
  ],
  authorize: ({ subject, path, deps }) => authorizeApi(deps, subject, path.api),
  handler: async ({ subject, path, body, deps }) => data(await execute(deps, subject, path.api, body)),
});
