import { done } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { assertMayDelete } from '../identity/user-rules.js';
import { messageSchema } from '../schemas/envelope.js';

export const deleteUser = operation({
  method: 'delete',
  path: '/iam/users/{user}',
  tag: 'Identity',
  summary: 'Delete a user; the last SuperAdmin stays',
  level: 'Admin',
  result: messageSchema,
  errors: ['LAST_SUPER_ADMIN'],
  handler: async ({ subject, path, deps }) => {
    await deps.store.organization(subject.organizationUuid).transact(async (tx) => {
      const target = await tx.user(path.user);
      assertMayDelete(subject, target);
      await tx.deleteUser(target.uuid);
      const data = { uuid: target.uuid };
      await tx.audit({ actor: subject.username, action: 'user.delete', subject: target.username, data });
    });
    return done();
  },
});
