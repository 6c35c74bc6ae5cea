import type { Hook, NewHook, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { assertMayRun } from './hook-rules.js';

/** The secret is made by whoever shows it, once. */
export type CreateHook = Omit<NewHook, 'createdBy'>;

/** Nobody lets others do what a grant keeps from themselves. @throws EdenError HOOK_EXISTS, INSUFFICIENT_PERMISSIONS */
export function createHook(
  deps: Pick<CoordinatorDeps, 'store'>,
  subject: Subject,
  { id, migrations, actions, secret }: CreateHook,
): Promise<Hook> {
  return transactAudited(deps, subject, {
    action: 'hook.create',
    data: { migrations: [...migrations], actions: [...actions] },
    work: async (tx) => {
      await assertMayRun(tx, subject, migrations);
      return tx.insertHook({ id, migrations, actions, secret, createdBy: subject.username });
    },
  });
}
