import { authorizeTemplate, executeTemplate as execute } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { jsonObjectSchema } from '../schemas/json.js';
import { templateResultSchema } from '../schemas/template.js';

export const executeTemplate = operation({
  method: 'post',
  path: '/templates/{template}',
  tag: 'Templates',
  summary: 'Run a template; Write templates need the level Write',
  body: jsonObjectSchema,
  result: dataSchema(templateResultSchema),
  errors: [
    'REQUIRED_PARAMETER_MISSING',
    'TEMPLATE_EXECUTION_FAILED',
    'RESULT_TOO_LARGE',
    'EXPECTATION_FAILED',
    'ENDPOINT_UNAVAILABLE',
    'ENDPOINT_NOT_ALLOWED',
  ],
  authorize: ({ subject, path, deps }) => authorizeTemplate(deps, subject, path.template),
  handler: async ({ subject, path, body, deps }) => {
    const { rows, rowCount, executionTimeMs } = await execute(deps, subject, path.template, body);
    return data({ rows: [...rows], row_count: rowCount, execution_time_ms: executionTimeMs });
  },
});
