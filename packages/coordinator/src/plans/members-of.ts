import type { Api, ApiDefinition, Binding, Member, Membership, Ref, Subject, Template, Uuid } from '@eden/domain';
import { asUuid, EdenError, isEdenError, isUuid, requireLevelOn } from '@eden/domain';
import { refuseManaged } from '../apis/refuse-managed.js';
import type { BindingInput } from '../apis/resolve-bindings.js';
import type { CoordinatorDeps } from '../deps.js';
import type { AddApi } from '../migrations/add-api-to-migration.js';
import { checkAddApi } from '../migrations/add-api-to-migration.js';
import type { PlanRequest } from './plan-request.js';

/** What the bindings of an API name, in the migration and behind it. */
export function refsOf({ bindings, next }: AddApi): readonly Ref[] {
  return [...bindings, ...(next?.bindings ?? [])].map(({ template }) => template);
}

/**
 * The APIs of a request as members of its migration, in its order.
 * @throws EdenError VALIDATION_FAILED, API_NOT_FOUND for a uuid that nobody has, API_MANAGED, INSUFFICIENT_PERMISSIONS
 */
export async function membersOf(
  deps: CoordinatorDeps,
  subject: Subject,
  { apis }: PlanRequest,
  templates: ReadonlyMap<Ref, Template>,
): Promise<readonly Member[]> {
  apis.forEach((api, index) => checkAddApi(api, `apis[${index}].`));
  return Promise.all(
    apis.map(async (input, position): Promise<Member> => {
      const api = await storedApi(deps, subject, input.api);
      const membership = membershipOf(input, position, templates);
      return { api: api ?? newApi(deps, input.api), membership };
    }),
  );
}

async function storedApi(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<Api | null> {
  try {
    const api = await deps.store.organization(subject.organizationUuid).api(ref);
    requireLevelOn(subject, api.uuid, 'Read');
    refuseManaged(api);
    return api;
  } catch (error) {
    if (isEdenError(error, 'API_NOT_FOUND') && !isUuid(ref)) return null;
    throw error;
  }
}

/** An API that nobody has made yet; that of a source is managed. */
export function newApi({ clock, chance }: CoordinatorDeps, id: string, managed = false): Api {
  const now = clock.now();
  const nothing = { fields: [], bindings: [], gates: [], untouchedOn: null, membership: null, description: null };
  return { ...nothing, uuid: asUuid(chance.uuid()), id, managed, schemaVersion: 0, createdAt: now, updatedAt: now };
}

/** Of the migration that nobody has made. */
export const NOBODYS: Uuid = asUuid('00000000-0000-0000-0000-000000000000');

export function newMembership(place: Pick<Membership, 'stage' | 'position'>): Membership {
  return { migrationUuid: NOBODYS, active: true, synced: false, bindings: [], next: null, previous: null, ...place };
}

function membershipOf(
  { bindings, stage, next }: AddApi,
  position: number,
  templates: ReadonlyMap<Ref, Template>,
): Membership {
  return {
    ...newMembership({ stage, position }),
    bindings: resolve(bindings, templates),
    next: next === null ? null : nextOf(next, templates),
  };
}

function nextOf(
  { fields, bindings }: NonNullable<AddApi['next']>,
  templates: ReadonlyMap<Ref, Template>,
): Partial<ApiDefinition> {
  return {
    ...(fields === undefined ? {} : { fields }),
    ...(bindings === undefined ? {} : { bindings: resolve(bindings, templates) }),
  };
}

function resolve(inputs: readonly BindingInput[], templates: ReadonlyMap<Ref, Template>): readonly Binding[] {
  return inputs.map(({ template: ref, fields }) => {
    const template = templates.get(ref);
    if (template === undefined) throw missingTemplate(ref);
    return { templateUuid: template.uuid, fields };
  });
}

function missingTemplate(ref: Ref): EdenError {
  const suggestion = 'Verify template exists in your organization';
  return new EdenError('TEMPLATE_NOT_FOUND', { template_id: ref, suggestion });
}
