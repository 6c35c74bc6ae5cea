import { deleteEndpoint as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteEndpoint = operation({
  method: 'delete',
  path: '/endpoints/{endpoint}',
  tag: 'Endpoints',
  summary: 'Delete an endpoint that no template uses',
  result: messageSchema,
  errors: ['ENDPOINT_IN_USE'],
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path.endpoint);
    return done();
  },
});
