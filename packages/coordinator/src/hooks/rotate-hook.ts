import type { Hook, Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { assertMayRun } from './hook-rules.js';

/**
 * Another secret; the one so far counts for a while longer, so that callers can be changed one by one. Whoever does it has
 * the secret, and so needs what making the hook needs.
 * @throws EdenError HOOK_NOT_FOUND, INSUFFICIENT_PERMISSIONS
 */
export function rotateHook(
  deps: Pick<CoordinatorDeps, 'store'>,
  subject: Subject,
  ref: Ref,
  { secret, overlapSeconds }: { readonly secret: string; readonly overlapSeconds: number },
): Promise<Hook> {
  return transactAudited(deps, subject, {
    action: 'hook.rotate',
    data: { overlap_seconds: overlapSeconds },
    work: async (tx) => {
      const { uuid, migrations } = await tx.hook(ref);
      await assertMayRun(tx, subject, migrations);
      return tx.rotateHook(uuid, secret, overlapSeconds);
    },
  });
}
