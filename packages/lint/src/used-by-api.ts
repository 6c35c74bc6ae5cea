import type { RuleText } from './rule.js';

/** Of both languages. */
export const USED_BY_API: RuleText = {
  name: 'used-by-api',
  severity: 'danger',
  title: 'This drops or renames what templates of APIs still name',
  reason:
    'An API that is not part of the migration keeps its definition, and its executions fail from the commit on. A template counts as using a column when its text, or a literal of its binding, has the names of table and column as words.',
  safer: 'Give the APIs their new definition in the same migration ("next"), or change them first',
};
