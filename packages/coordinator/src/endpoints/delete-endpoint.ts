import type { Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';

/** @throws EdenError ENDPOINT_NOT_FOUND, ENDPOINT_IN_USE (context: templates) */
export async function deleteEndpoint(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<void> {
  const endpoint = await transactAudited(deps, subject, {
    action: 'endpoint.delete',
    work: async (tx) => {
      const found = await tx.endpoint(ref);
      await tx.deleteEndpoint(found.uuid);
      return found;
    },
  });
  await deps.targets.adapter(endpoint.kind).forget(endpoint.uuid);
}
