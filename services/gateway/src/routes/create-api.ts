import { createApi as create } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { newApiSchema } from '../schemas/api.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { identitySchema } from '../schemas/identifiers.js';

export const createApi = operation({
  method: 'post',
  path: '/apis',
  tag: 'APIs',
  summary: 'Create an API',
  body: newApiSchema,
  result: messageWithDataSchema(identitySchema),
  errors: ['TEMPLATE_NOT_FOUND', 'API_EXISTS'],
  handler: async ({ subject, body, deps }) => {
    const { description = null, ...rest } = body;
    const { id, uuid } = await create(deps, subject, { ...rest, description });
    return doneWith({ id, uuid }, 'API created successfully');
  },
});
