import type { Ref, Subject, Template, Uuid } from '@eden/domain';
import { requireLevelOn } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { requiredLevelOf } from './required-level.js';

/**
 * Checks the level that running the template needs now; true when it only reads.
 * @throws EdenError TEMPLATE_NOT_FOUND, INSUFFICIENT_PERMISSIONS
 */
export async function authorizeTemplate(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<boolean> {
  const template = await deps.store.organization(subject.organizationUuid).template(ref);
  return authorize(deps, subject, { resource: template.uuid, used: [template] });
}

/**
 * Checks the level that running the API needs now; true when it only reads.
 * @throws EdenError API_NOT_FOUND, INSUFFICIENT_PERMISSIONS
 */
export async function authorizeApi(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<boolean> {
  const organization = deps.store.organization(subject.organizationUuid);
  const { uuid, bindings } = await organization.api(ref);
  const uuids = new Set(bindings.map(({ templateUuid }) => templateUuid));
  const used = [...(await organization.templatesByUuid([...uuids])).values()];
  return authorize(deps, subject, { resource: uuid, used });
}

interface Execution {
  readonly resource: Uuid;
  readonly used: readonly Template[];
}

function authorize(deps: CoordinatorDeps, subject: Subject, { resource, used }: Execution): boolean {
  requireLevelOn(subject, resource, requiredLevelOf(deps.templates, used));
  return used.every(({ kind }) => kind === 'Read');
}
