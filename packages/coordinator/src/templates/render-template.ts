import type { JsonObject, Ref, Statement, Subject } from '@eden/domain';
import { bindTemplate } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';

/**
 * The statements a template would run; of a batched operation, its first batch.
 * @throws EdenError TEMPLATE_NOT_FOUND, REQUIRED_PARAMETER_MISSING, TEMPLATE_NOT_RENDERED
 */
export async function renderTemplate(
  deps: CoordinatorDeps,
  subject: Subject,
  ref: Ref,
  params: JsonObject,
): Promise<{ readonly statements: readonly Statement[] }> {
  const template = await deps.store.organization(subject.organizationUuid).template(ref);
  const { operations } = bindTemplate(deps.templates, template, params);
  return { statements: operations.map((operation) => operation.render(operation.batch?.start)) };
}
