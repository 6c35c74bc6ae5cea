import type { ApiDefinition, JsonValue, OrganizationTransactor, Ref, Subject } from '@eden/domain';
import { EdenError, requireLevelOn, validationError } from '@eden/domain';
import { parsePath, referenceOf } from '@eden/work';
import type { ApiDefinitionInput } from '../apis/check-definition.js';
import { checkDefinition } from '../apis/check-definition.js';
import type { Binder, BindingInput } from '../apis/resolve-bindings.js';
import { checkBindings, resolveBindings } from '../apis/resolve-bindings.js';
import type { CoordinatorDeps } from '../deps.js';
import { refuseManaged } from '../apis/refuse-managed.js';
import { transactAudited } from '../transact-audited.js';
import { withMigrationLock } from './migration-lock.js';

export interface AddApi {
  readonly api: Ref;
  readonly bindings: readonly BindingInput[];
  readonly stage: number;
  /** What the API becomes when the migration commits. */
  readonly next: { readonly [K in keyof ApiDefinitionInput]?: ApiDefinitionInput[K] | undefined } | null;
}

/**
 * Makes an API part of a migration and voids the migration's plan. No execution of the API runs meanwhile, so that
 * every later one knows of the migration.
 * @throws EdenError MIGRATION_NOT_FOUND, API_NOT_FOUND, VALIDATION_FAILED, API_HAS_MIGRATION and TEMPLATE_NOT_FOUND
 *         (guide), RUN_IN_PROGRESS, MIGRATION_STATE, LOCK_TIMEOUT
 */
export async function addApiToMigration(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  command: AddApi,
): Promise<void> {
  checkAddApi(command);
  const organization = deps.store.organization(subject.organizationUuid);
  const [migration, api] = [await organization.migration(ref), await organization.api(command.api)];
  requireLevelOn(subject, api.uuid, 'Admin');
  refuseManaged(api);
  if (api.membership?.active === true) throw hasMigration();
  await withMigrationLock(deps, subject, { migration, api, purpose: 'add_api' }, (held) =>
    transactAudited(deps, subject, {
      action: 'migration.add_api',
      data: { api: api.uuid, stage: command.stage },
      held,
      work: async (tx) => {
        const binder = { subject, bound: api.bindings };
        const bindings = await resolveBindings(tx, binder, command.bindings);
        const next = await resolveNext(tx, binder, command.next);
        await tx.attachApi({ apiUuid: api.uuid, migrationUuid: migration.uuid, stage: command.stage, bindings, next });
        return migration;
      },
    }),
  );
}

/** Early, as the lock is held for long by the run of the migration that has the API; the store decides. */
function hasMigration(): EdenError {
  return new EdenError('API_HAS_MIGRATION', { details: 'Each API can only participate in one migration at a time' });
}

/**
 * @param root Where the API stands in the request's body, with a dot behind it.
 * @throws EdenError VALIDATION_FAILED
 */
export function checkAddApi({ bindings, next }: AddApi, root = ''): void {
  const issues = checkBindings(`${root}bindings`, bindings, checkReference);
  if (issues.length > 0) throw validationError(issues);
  if (next !== null) checkDefinition(next, `${root}next`);
}

function checkReference(value: JsonValue): string | null {
  const name = referenceOf(value);
  if (name === null || parsePath(name) !== null) return null;
  return 'Is not a reference such as migration.started_at; write a constant as {"literal": …}';
}

async function resolveNext(
  tx: OrganizationTransactor,
  binder: Binder,
  next: AddApi['next'],
): Promise<Partial<ApiDefinition> | null> {
  if (next === null) return null;
  const { fields, bindings } = next;
  return {
    ...(fields === undefined ? {} : { fields }),
    ...(bindings === undefined ? {} : { bindings: await resolveBindings(tx, binder, bindings) }),
  };
}
