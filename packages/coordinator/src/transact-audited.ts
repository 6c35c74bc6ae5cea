import type { HeldLock, JsonObject, OrganizationTransactor, Subject, Uuid } from '@eden/domain';
import type { CoordinatorDeps } from './deps.js';

/** What can be changed: a resource by its id, or a user by its name. */
export type Audited = { readonly uuid: Uuid } & ({ readonly id: string } | { readonly username: string });

/** One change of an organization, as its audit will tell it. */
export interface AuditedChange<T> {
  /** `<resource>.<verb>`, e.g. `endpoint.create`. */
  readonly action: string;
  /** More for the audit than the uuid of what was changed; never a value that may be secret. */
  readonly data?: JsonObject | ((changed: T) => JsonObject);
  /** About as much as it writes, where that is much. */
  readonly bytes?: number;
  /** The lock that must still be held when the transaction commits. */
  readonly held?: HeldLock;
  /** Answers what was changed. */
  readonly work: (tx: OrganizationTransactor) => Promise<T>;
}

/** Makes a change and its audit entry in one transaction: there is none of them without the other. */
export function transactAudited<T extends Audited>(
  deps: Pick<CoordinatorDeps, 'store'>,
  subject: Subject,
  change: AuditedChange<T>,
): Promise<T> {
  return deps.store.organization(subject.organizationUuid).transact(async (tx) => {
    const changed = await change.work(tx);
    const more = typeof change.data === 'function' ? change.data(changed) : change.data;
    const data = { uuid: changed.uuid, ...more };
    const { username: actor, origin } = subject;
    await tx.audit({ actor, origin, action: change.action, subject: nameOf(changed), data });
    change.held?.signal.throwIfAborted();
    return changed;
  }, change.bytes);
}

function nameOf(changed: Audited): string {
  return 'id' in changed ? changed.id : changed.username;
}
