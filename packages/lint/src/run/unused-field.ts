import type { LintFinding } from '@eden/domain';
import type { RuleText } from '../rule.js';

export const UNUSED_FIELD: RuleText = {
  name: 'unused-field',
  severity: 'warning',
  title: 'A binding gives a field that its template does not use',
  reason: 'Mostly a parameter that was written otherwise: the template runs with its default, and nobody is told.',
  safer: 'Write the name as the template does, or take the field out',
};

/** @param fields Names that the binding gives; @param parameters names that the template uses */
export function unusedFields(fields: readonly string[], parameters: readonly string[]): readonly LintFinding[] {
  const isUsed = (field: string): boolean =>
    parameters.some((name) => name === field || name.startsWith(`${field}.`) || field.startsWith(`${name}.`));
  const { name, severity, safer } = UNUSED_FIELD;
  return fields
    .filter((field) => !isUsed(field))
    .map((field) => ({ rule: name, severity, message: `The template does not use the field "${field}". ${safer}` }));
}
