import type { Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { dropLocks } from '../drop-locks.js';
import { transactAudited } from '../transact-audited.js';
import { withApiLock } from './api-lock.js';

/** @throws EdenError API_NOT_FOUND, API_IN_USE (context: migration_id), LOCK_TIMEOUT */
export async function deleteApi(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<void> {
  const api = await deps.store.organization(subject.organizationUuid).api(ref);
  await withApiLock(deps, subject, { api, purpose: 'delete api' }, (held) =>
    transactAudited(deps, subject, {
      action: 'api.delete',
      held,
      work: async (tx) => {
        await tx.deleteApi(api.uuid);
        return api;
      },
    }),
  );
  await dropLocks(deps, [{ kind: 'api', uuid: api.uuid }]);
}
