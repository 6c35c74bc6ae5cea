import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { readablePage } from '../http/page-request.js';
import { endpointSchema } from '../schemas/endpoint.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { viewEndpoint } from '../views/endpoint.js';

export const listEndpoints = operation({
  method: 'get',
  path: '/endpoints',
  tag: 'Endpoints',
  summary: 'List the endpoints',
  query: pageQuerySchema,
  result: pageSchema(endpointSchema),
  handler: async ({ subject, query, deps }) => {
    const endpoints = await deps.store.organization(subject.organizationUuid).endpoints(readablePage(subject, query));
    return page(endpoints, (endpoint) => viewEndpoint(deps.targets, subject, endpoint));
  },
});
