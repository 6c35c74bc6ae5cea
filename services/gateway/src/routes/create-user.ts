import { createUser as create } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { newUserSchema, userSchema } from '../schemas/identity.js';
import { viewUser } from '../views/user.js';

export const createUser = operation({
  method: 'post',
  path: '/iam/users',
  tag: 'Identity',
  summary: 'Create a user; an Admin or SuperAdmin only by a SuperAdmin',
  body: newUserSchema,
  result: messageWithDataSchema(userSchema),
  errors: ['USER_EXISTS'],
  handler: async ({ subject, body, deps }) => {
    const { username, password, description = null, access_level: accessLevel } = body;
    return doneWith(viewUser(subject, await create(deps, subject, { username, password, description, accessLevel })));
  },
});
