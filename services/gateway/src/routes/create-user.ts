import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { assertMayCreate } from '../identity/user-rules.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { newUserSchema, userSchema } from '../schemas/identity.js';
import { viewUser } from '../views/user.js';

export const createUser = operation({
  method: 'post',
  path: '/iam/users',
  tag: 'Identity',
  summary: 'Create a user; an Admin or SuperAdmin only by a SuperAdmin',
  level: 'Admin',
  body: newUserSchema,
  result: messageWithDataSchema(userSchema),
  errors: ['USER_EXISTS'],
  handler: async ({ subject, body, deps }) => {
    assertMayCreate(subject, body.access_level);
    const passwordHash = await deps.passwords.hash(body.password);
    const user = await deps.store.organization(subject.organizationUuid).transact(async (tx) => {
      const { username, description = null, access_level: accessLevel } = body;
      const created = await tx.insertUser({ username, description, accessLevel, passwordHash });
      const data = { uuid: created.uuid, access_level: accessLevel };
      await tx.audit({ actor: subject.username, action: 'user.create', subject: username, data });
      return created;
    });
    return doneWith(viewUser(user));
  },
});
