import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageRequest } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { userSchema } from '../schemas/identity.js';
import { viewUser } from '../views/user.js';

export const listUsers = operation({
  method: 'get',
  path: '/iam/users',
  tag: 'Identity',
  summary: 'List the users',
  query: pageQuerySchema,
  result: pageSchema(userSchema),
  handler: async ({ subject, query, deps }) =>
    page(await deps.store.organization(subject.organizationUuid).users(pageRequest(query)), (user) =>
      viewUser(subject, user),
    ),
});
