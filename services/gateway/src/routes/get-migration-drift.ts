import { findDrift } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { driftSchema } from '../schemas/plan.js';

export const getMigrationDrift = operation({
  method: 'get',
  path: '/migrations/{migration}/drift',
  tag: 'Migrations',
  summary: 'Compare the schemas of its databases with what its last run left, object by object',
  result: dataSchema(driftSchema),
  errors: ['SCHEMA_NOT_KNOWN', 'ENDPOINT_UNAVAILABLE', 'ENDPOINT_NOT_ALLOWED', 'RESULT_TOO_LARGE'],
  handler: async ({ subject, path, deps }) => data([...(await findDrift(deps, subject, path.migration))]),
});
