import { createEndpoint as create } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { newEndpointSchema } from '../schemas/endpoint.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { identitySchema } from '../schemas/identifiers.js';

export const createEndpoint = operation({
  method: 'post',
  path: '/endpoints',
  tag: 'Endpoints',
  summary: 'Create an endpoint: a target that templates run against',
  body: newEndpointSchema,
  result: messageWithDataSchema(identitySchema),
  errors: ['ENDPOINT_EXISTS', 'ENDPOINT_NOT_ALLOWED'],
  handler: async ({ subject, body, deps }) => {
    const { description = null, ...rest } = body;
    const { id, uuid } = await create(deps, subject, { ...rest, description });
    return doneWith({ id, uuid });
  },
});
