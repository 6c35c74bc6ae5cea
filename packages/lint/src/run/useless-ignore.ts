import type { RuleText } from '../rule.js';

export const USELESS_IGNORE: RuleText = {
  name: 'useless-ignore',
  severity: 'warning',
  title: 'eden:ignore silences nothing',
  reason:
    'A comment without a reason, of a rule that is not there, or of one that finds nothing in its text says something to its readers that is not so.',
  safer: 'Correct it, or take it out',
};
