import type { Ref, Subject, Template } from '@eden/domain';
import { requireLevel } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { requiredLevelOf } from './required-level.js';

/**
 * Checks the level that running the template needs now; true when it only reads.
 * @throws EdenError TEMPLATE_NOT_FOUND, INSUFFICIENT_PERMISSIONS
 */
export async function authorizeTemplate(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<boolean> {
  return authorize(deps, subject, [await deps.store.organization(subject.organizationUuid).template(ref)]);
}

/**
 * Checks the level that running the API needs now; true when it only reads.
 * @throws EdenError API_NOT_FOUND, INSUFFICIENT_PERMISSIONS
 */
export async function authorizeApi(deps: CoordinatorDeps, subject: Subject, ref: Ref): Promise<boolean> {
  const organization = deps.store.organization(subject.organizationUuid);
  const { bindings } = await organization.api(ref);
  const uuids = new Set(bindings.map(({ templateUuid }) => templateUuid));
  return authorize(deps, subject, [...(await organization.templatesByUuid([...uuids])).values()]);
}

function authorize(deps: CoordinatorDeps, subject: Subject, used: readonly Template[]): boolean {
  requireLevel(subject, requiredLevelOf(deps.templates, used));
  return used.every(({ kind }) => kind === 'Read');
}
