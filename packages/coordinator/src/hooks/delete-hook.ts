import type { Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';

/** From now on its calls are those of a hook that nobody knows. @throws EdenError HOOK_NOT_FOUND */
export async function deleteHook(deps: Pick<CoordinatorDeps, 'store'>, subject: Subject, ref: Ref): Promise<void> {
  await transactAudited(deps, subject, {
    action: 'hook.delete',
    work: async (tx) => {
      const hook = await tx.hook(ref);
      await tx.deleteHook(hook.uuid);
      return hook;
    },
  });
}
