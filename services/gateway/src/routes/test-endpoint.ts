import { testEndpoint as test } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { endpointReportSchema } from '../schemas/endpoint.js';
import { dataSchema, emptyBodySchema } from '../schemas/envelope.js';
import { viewEndpointTest } from '../views/endpoint.js';

export const testEndpoint = operation({
  method: 'post',
  path: '/endpoints/{endpoint}/test',
  tag: 'Endpoints',
  summary: 'Connect to an endpoint and say what it can promise',
  body: emptyBodySchema,
  result: dataSchema(endpointReportSchema),
  errors: ['ENDPOINT_UNAVAILABLE', 'ENDPOINT_NOT_ALLOWED'],
  handler: async ({ subject, path, deps }) => {
    return data(viewEndpointTest(await test(deps, subject, path.endpoint)));
  },
});
