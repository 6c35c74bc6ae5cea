import type { LintFinding, StatementAnalysis, TemplateDefinition, TemplatePort } from '@eden/domain';
import { joinLints, missingRollback, settleLint, unusedFields, type SettledLint } from '@eden/lint';
import { parametersOf } from '../bindings/compile-template.js';
import type { WorkBinding } from '../load-work.js';

/** What lint says of a binding beside its statements. */
export function lintBinding(templates: TemplatePort, { template, binding, text }: WorkBinding): readonly LintFinding[] {
  const unused = unusedFields(Object.keys(binding.fields), parametersOf(templates, template));
  return text === 'template' ? [...unused, ...rollbackFindings(template)] : unused;
}

function rollbackFindings({ kind, settings }: Pick<TemplateDefinition, 'kind' | 'settings'>): readonly LintFinding[] {
  return kind === 'Read' || settings.rollback !== undefined ? [] : [missingRollback()];
}

interface LookedAt {
  /** Of its statements, in their order. */
  readonly analyses: readonly StatementAnalysis[];
  /** Names of the values that it is given. */
  readonly fields: readonly string[];
  /** Names of the values that it takes. */
  readonly parameters: readonly string[];
}

/** What lint says of a template by itself, as if a run held nothing else. */
export function lintTemplate(
  template: Pick<TemplateDefinition, 'kind' | 'settings'>,
  { analyses, fields, parameters }: LookedAt,
): SettledLint {
  const findings = [
    ...analyses.flatMap((analysis) => analysis.findings),
    ...unusedFields(fields, parameters),
    ...rollbackFindings(template),
  ];
  const lint = joinLints(analyses.flatMap((analysis) => analysis.lint ?? []));
  const [settled] = settleLint([{ database: '', lint, findings }]);
  return settled ?? { findings, silenced: [] };
}
