import { testEndpoint as test } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { endpointReportSchema } from '../schemas/endpoint.js';
import { dataSchema, emptyBodySchema } from '../schemas/envelope.js';

export const testEndpoint = operation({
  method: 'post',
  path: '/endpoints/{endpoint}/test',
  tag: 'Endpoints',
  summary: 'Connect to an endpoint and say what it can promise',
  level: 'Admin',
  body: emptyBodySchema,
  result: dataSchema(endpointReportSchema),
  errors: ['ENDPOINT_UNAVAILABLE', 'ENDPOINT_NOT_ALLOWED'],
  handler: async ({ subject, path, deps }) => {
    const { connected, latencyMs, serverVersion, atomicity } = await test(deps, subject, path.endpoint);
    return data({ connected, latency_ms: latencyMs, server_version: serverVersion, atomicity });
  },
});
