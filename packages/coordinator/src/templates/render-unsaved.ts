import type { Statement, Subject } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';
import { compileUnsaved, statementsOf, type UnsavedTemplate } from './unsaved-template.js';

/**
 * The statements that a template would run that nobody has made; of a batched operation, its first batch.
 * @throws EdenError VALIDATION_FAILED (line and column), REQUIRED_PARAMETER_MISSING, TEMPLATE_NOT_RENDERED,
 *         ENDPOINT_NOT_FOUND
 */
export async function renderUnsaved(
  deps: CoordinatorDeps,
  subject: Subject,
  template: UnsavedTemplate,
): Promise<readonly Statement[]> {
  return statementsOf(deps.clock, await compileUnsaved(deps, subject, template), template.values);
}
