import { MYSQL_RULES } from './mysql/rules/index.js';
import { POSTGRES_RULES } from './postgres/rules/index.js';
import type { RuleText, StatementRule } from './rule.js';
import { MISSING_ROLLBACK } from './run/missing-rollback.js';
import { UNUSED_FIELD } from './run/unused-field.js';
import { USELESS_IGNORE } from './run/useless-ignore.js';

/** Rules of one language, for the reference. */
interface RulesOfLanguage {
  readonly language: string;
  readonly rules: readonly (RuleText & Pick<StatementRule<never>, 'examples'>)[];
}

export const STATEMENT_RULES: readonly RulesOfLanguage[] = [
  { language: 'PostgreSQL', rules: POSTGRES_RULES },
  { language: 'MariaDB', rules: MYSQL_RULES },
];

/** Those that look at a binding or a comment. */
export const BINDING_RULES: readonly RuleText[] = [MISSING_ROLLBACK, UNUSED_FIELD, USELESS_IGNORE];

/** Whatever a comment may silence, by its name. */
export const RULE_NAMES: ReadonlySet<string> = new Set(
  [...STATEMENT_RULES.flatMap(({ rules }) => rules), ...BINDING_RULES]
    .map(({ name }) => name)
    .filter((name) => name !== USELESS_IGNORE.name),
);
