import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { endpointSchema } from '../schemas/endpoint.js';
import { dataSchema } from '../schemas/envelope.js';
import { viewEndpoint } from '../views/endpoint.js';

export const getEndpoint = operation({
  method: 'get',
  path: '/endpoints/{endpoint}',
  tag: 'Endpoints',
  summary: 'Show an endpoint; credentials never come back',
  result: dataSchema(endpointSchema),
  handler: async ({ subject, path, deps }) => {
    const endpoint = await deps.store.organization(subject.organizationUuid).endpoint(path.endpoint);
    return data(viewEndpoint(deps.targets, subject, endpoint));
  },
});
