import type { Changes, Endpoint, NewEndpoint, Ref, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { withDefinitionLock } from '../with-write-lock.js';

export type EndpointChanges = Changes<Pick<NewEndpoint, 'description' | 'config'>>;

/**
 * Changes an endpoint while no execution of an API uses it, so that no process keeps what it was; `config` replaces the
 * stored one as a whole.
 * @throws EdenError ENDPOINT_NOT_FOUND, VALIDATION_FAILED (paths below `config`), LOCK_TIMEOUT (guide),
 *         SERVICE_UNAVAILABLE
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
  const updated = await withDefinitionLock(deps, { kind: 'endpoint', uuid }, (held) =>
    transactAudited(deps, subject, {
      action: 'endpoint.update',
      data: { changed: Object.keys(changes) },
      held,
      work: (tx) => tx.updateEndpoint(uuid, checked),
    }),
  );
  await adapter.forget(uuid);
  return updated;
}
