import type { HeldLock, JsonObject, OrganizationTransactor, Subject, Uuid } from '@eden/domain';
import type { CoordinatorDeps } from './deps.js';

/** One change of an organization, as its audit will tell it. */
export interface AuditedChange<T> {
  /** `<resource>.<verb>`, e.g. `endpoint.create`. */
  readonly action: string;
  /** More for the audit than the uuid of what was changed; never a value that may be secret. */
  readonly data?: JsonObject;
  /** The lock that must still be held when the transaction commits. */
  readonly held?: HeldLock;
  /** Answers what was changed. */
  readonly work: (tx: OrganizationTransactor) => Promise<T>;
}

/** Makes a change and its audit entry in one transaction: there is none of them without the other. */
export function transactAudited<T extends { readonly id: string; readonly uuid: Uuid }>(
  deps: CoordinatorDeps,
  subject: Subject,
  change: AuditedChange<T>,
): Promise<T> {
  return deps.store.organization(subject.organizationUuid).transact(async (tx) => {
    const changed = await change.work(tx);
    const data = { uuid: changed.uuid, ...change.data };
    await tx.audit({ actor: subject.username, action: change.action, subject: changed.id, data });
    change.held?.signal.throwIfAborted();
    return changed;
  });
}
