import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { userSchema } from '../schemas/identity.js';
import { viewUser } from '../views/user.js';

export const getUser = operation({
  method: 'get',
  path: '/iam/users/{user}',
  tag: 'Identity',
  summary: 'Show a user',
  result: dataSchema(userSchema),
  handler: async ({ subject, path, deps }) =>
    data(viewUser(subject, await deps.store.organization(subject.organizationUuid).user(path.user))),
});
