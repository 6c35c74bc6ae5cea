import { deleteTemplate as remove } from '@eden/coordinator';
import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteTemplate = operation({
  method: 'delete',
  path: '/templates/{template}',
  tag: 'Templates',
  summary: 'Delete a template that no API and no migration binds',
  result: messageSchema,
  errors: ['TEMPLATE_IN_USE'],
  handler: async ({ subject, path, deps }) => {
    await remove(deps, subject, path.template);
    return done();
  },
});
