import { updateUser as update } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { userChangesSchema, userSchema } from '../schemas/identity.js';
import { viewUser } from '../views/user.js';

export const updateUser = operation({
  method: 'patch',
  path: '/iam/users/{user}',
  tag: 'Identity',
  summary: 'Change password, description or level of a user',
  body: userChangesSchema,
  result: messageWithDataSchema(userSchema),
  errors: ['LAST_SUPER_ADMIN'],
  handler: async ({ subject, path, body, deps }) => {
    const { access_level: accessLevel, ...rest } = body;
    return doneWith(viewUser(subject, await update(deps, subject, path.user, { ...rest, accessLevel })));
  },
});
