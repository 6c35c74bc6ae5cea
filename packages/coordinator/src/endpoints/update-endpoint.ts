import type { Changes, Endpoint, NewEndpoint, Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';

export type EndpointChanges = Changes<Pick<NewEndpoint, 'description' | 'config'>>;

/**
 * Changes an endpoint; `config` replaces the stored one as a whole.
 * @throws EdenError ENDPOINT_NOT_FOUND, VALIDATION_FAILED (paths below `config`)
 */
export async function updateEndpoint(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  changes: EndpointChanges,
): Promise<Endpoint> {
  const { uuid, kind } = await deps.store.organization(subject.organizationUuid).endpoint(ref);
  const adapter = deps.targets.adapter(kind);
  const checked = changes.config === undefined ? changes : { ...changes, config: adapter.parseConfig(changes.config) };
  const updated = await transactAudited(deps, subject, {
    action: 'endpoint.update',
    data: { changed: Object.keys(changes) },
    work: (tx) => tx.updateEndpoint(uuid, checked),
  });
  await adapter.forget(uuid);
  return updated;
}
