import { updateEndpoint as update } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { endpointChangesSchema, endpointSchema } from '../schemas/endpoint.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { viewEndpoint } from '../views/endpoint.js';

export const updateEndpoint = operation({
  method: 'patch',
  path: '/endpoints/{endpoint}',
  tag: 'Endpoints',
  summary: 'Change an endpoint; config is replaced as a whole',
  body: endpointChangesSchema,
  result: messageWithDataSchema(endpointSchema),
  errors: ['LOCK_TIMEOUT', 'RUN_IN_PROGRESS', 'ENDPOINT_UNAVAILABLE', 'ENDPOINT_NOT_ALLOWED'],
  handler: async ({ subject, path, body, deps }) =>
    doneWith(viewEndpoint(deps.targets, subject, await update(deps, subject, path.endpoint, body))),
});
