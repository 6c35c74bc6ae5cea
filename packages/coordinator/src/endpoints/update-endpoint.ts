import { EdenError } from '@eden/domain';
import type {
  Changes,
  DatabaseOfRun,
  Endpoint,
  NewEndpoint,
  OrganizationReader,
  Ref,
  Subject,
  TargetAdapter,
} from '@eden/domain';
import { changesNothing } from '../changes-nothing.js';
import type { CoordinatorDeps } from '../deps.js';
import { transactAudited } from '../transact-audited.js';
import { withDefinitionLock } from '../with-write-lock.js';

export type EndpointChanges = Changes<Pick<NewEndpoint, 'description' | 'config'>>;

/**
 * Changes an endpoint while no execution of an API uses it, so that no process keeps what it was; `config` replaces the
 * stored one as a whole. What is as it was already changes nothing: nobody waits, and no plan is out of date for it.
 * @throws EdenError ENDPOINT_NOT_FOUND, VALIDATION_FAILED (paths below `config`), RUN_IN_PROGRESS, ENDPOINT_UNAVAILABLE,
 *         LOCK_TIMEOUT (guide), SERVICE_UNAVAILABLE
 */
export async function updateEndpoint(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  changes: EndpointChanges,
): Promise<Endpoint> {
  const organization = deps.store.organization(subject.organizationUuid);
  const endpoint = await organization.endpoint(ref);
  const { uuid, kind } = endpoint;
  const adapter = deps.targets.adapter(kind);
  const { organizationUuid } = subject;
  const checked =
    changes.config === undefined
      ? changes
      : { ...changes, config: deps.targets.checkConfig(kind, changes.config, organizationUuid) };
  if (changesNothing(endpoint, checked)) return endpoint;
  const updated = await withDefinitionLock(deps, { kind: 'endpoint', uuid }, (held) =>
    transactAudited(deps, subject, {
      action: 'endpoint.update',
      data: { changed: Object.keys(changes) },
      held,
      work: async (tx) => {
        if (checked.config !== undefined)
          await assertRunsFindBack(adapter, tx, { ...endpoint, config: checked.config });
        return tx.updateEndpoint(uuid, checked);
      },
    }),
  );
  await adapter.forget(uuid);
  return updated;
}

/** A run that is being committed or undone needs its databases: another password is fine, another database is not. */
async function assertRunsFindBack(
  adapter: TargetAdapter,
  organization: OrganizationReader,
  changed: Endpoint,
): Promise<void> {
  const databases = await organization.databasesOfRuns(changed.uuid);
  if (databases.length === 0) return;
  const settlement = await adapter.openSettlement(changed);
  try {
    for (const each of databases) if ((await settlement.whereIs(each.database)) !== 'here') throw stillNeeded(each);
  } finally {
    await settlement.close();
  }
}

function stillNeeded({ runUuid, database }: DatabaseOfRun): EdenError {
  const suggestion = 'Wait until the run has finished; until then the endpoint may only change the way to its database';
  return new EdenError('RUN_IN_PROGRESS', { run_uuid: runUuid, database: database.name, suggestion });
}
