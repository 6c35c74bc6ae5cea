import type { Api, Changes, NewApi, OrganizationReader, Ref, Subject } from '@eden/domain';
import { changesNothing } from '../changes-nothing.js';
import type { CoordinatorDeps } from '../deps.js';
import { assertNoRun } from '../migrations/migration-lock.js';
import { transactAudited } from '../transact-audited.js';
import { withApiLock } from './api-lock.js';
import { checkDefinition } from './check-definition.js';
import type { CreateApi } from './create-api.js';
import { refuseManaged } from './refuse-managed.js';
import type { Binder } from './resolve-bindings.js';
import { resolveBindings } from './resolve-bindings.js';

/** What is absent stays as it is; `fields` and `bindings` are replaced as a whole. */
export type ApiChanges = Changes<Omit<CreateApi, 'id'>>;

/**
 * Changes an API while no execution of it runs. A run of its migration holds its lock for all of its time: it is refused
 * at once instead of waited for. What is as it was already changes nothing, also during a run.
 * @throws EdenError API_NOT_FOUND, API_MANAGED, VALIDATION_FAILED, TEMPLATE_NOT_FOUND (guide), RUN_IN_PROGRESS, LOCK_TIMEOUT
 */
export async function updateApi(deps: CoordinatorDeps, subject: Subject, ref: Ref, changes: ApiChanges): Promise<Api> {
  checkDefinition(changes);
  const organization = deps.store.organization(subject.organizationUuid);
  const api = await organization.api(ref);
  refuseManaged(api);
  const binder = { subject, bound: api.bindings };
  if (changesNothing(api, await resolved(organization, binder, changes))) return api;
  if (api.membership !== null) await assertNoRun(organization, api.membership.migrationUuid);
  return withApiLock(deps, subject, { api, purpose: 'update api' }, (held) =>
    transactAudited(deps, subject, {
      action: 'api.update',
      data: { changed: Object.keys(changes) },
      held,
      work: async (tx) => tx.updateApi(api.uuid, await resolved(tx, binder, changes)),
    }),
  );
}

async function resolved(
  reader: OrganizationReader,
  binder: Binder,
  { bindings, ...changes }: ApiChanges,
): Promise<Changes<Omit<NewApi, 'id'>>> {
  return bindings === undefined ? changes : { ...changes, bindings: await resolveBindings(reader, binder, bindings) };
}
