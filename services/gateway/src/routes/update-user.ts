import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { assertMayAlter } from '../identity/user-rules.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { userChangesSchema, userSchema } from '../schemas/identity.js';
import { viewUser } from '../views/user.js';

export const updateUser = operation({
  method: 'patch',
  path: '/iam/users/{user}',
  tag: 'Identity',
  summary: 'Change password, description or level of a user',
  level: 'Admin',
  body: userChangesSchema,
  result: messageWithDataSchema(userSchema),
  errors: ['LAST_SUPER_ADMIN'],
  handler: async ({ subject, path, body, deps }) => {
    const { password, description, access_level: accessLevel } = body;
    const passwordHash = password === undefined ? undefined : await deps.passwords.hash(password);
    const user = await deps.store.organization(subject.organizationUuid).transact(async (tx) => {
      const target = await tx.user(path.user);
      assertMayAlter(subject, target, accessLevel);
      const updated = await tx.updateUser(target.uuid, { passwordHash, description, accessLevel });
      const data = { uuid: target.uuid, changed: Object.keys(body), access_level: updated.accessLevel };
      await tx.audit({ actor: subject.username, action: 'user.update', subject: target.username, data });
      return updated;
    });
    return doneWith(viewUser(user));
  },
});
