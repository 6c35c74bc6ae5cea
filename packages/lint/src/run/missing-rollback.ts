import type { LintFinding } from '@eden/domain';
import type { RuleText } from '../rule.js';

export const MISSING_ROLLBACK: RuleText = {
  name: 'missing-rollback',
  severity: 'warning',
  title: 'The template changes something and says nothing that takes it back',
  reason: 'Once the migration is completed, its rollback is refused, as nobody knows what undoes this.',
  safer: 'Give the template a "rollback"; where there is nothing to take back, say so with eden:ignore',
};

export function missingRollback(): LintFinding {
  const { name, severity, title, safer } = MISSING_ROLLBACK;
  return { rule: name, severity, message: `${title}. ${safer}` };
}
