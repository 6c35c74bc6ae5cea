import type { AtomicityClass, Subject } from '@eden/domain';
import { weakestClass } from '@eden/domain';
import { lintTemplate, type SettledLint } from '@eden/work';
import type { CoordinatorDeps } from '../deps.js';
import { compileUnsaved, renderSample, type UnsavedTemplate } from './unsaved-template.js';

export interface LintedTemplate extends SettledLint {
  readonly class: AtomicityClass;
  /** Why it must not run in a migration; empty = it may. */
  readonly refusals: readonly string[];
}

/**
 * What lint says of a template that nobody has made, as of a run of its own. Nothing is stored, and no target is asked.
 * @throws EdenError VALIDATION_FAILED (line and column), TEMPLATE_NOT_RENDERED, ENDPOINT_NOT_FOUND
 */
export async function lintUnsaved(
  deps: CoordinatorDeps,
  subject: Subject,
  template: UnsavedTemplate,
): Promise<LintedTemplate> {
  const unsaved = await compileUnsaved(deps, subject, template);
  const { definition, compiled } = unsaved;
  const adapter = deps.targets.adapter(definition.endpointKind);
  const statements = renderSample(deps.clock, unsaved, template.values);
  const analyses = await Promise.all(statements.map((statement) => adapter.analyze(statement)));
  const fields = Object.keys(template.values);
  return {
    ...lintTemplate(definition, { analyses, fields, parameters: compiled.parameters.map(({ name }) => name) }),
    class: weakestClass(analyses.map((analysis) => analysis.class)),
    refusals: analyses.flatMap(({ refusals }) => refusals),
  };
}
