import type { LintFinding, LintPlace } from '@eden/domain';

/** What people read of a rule: in findings (title and safer way) and in the reference (all of it). */
export interface RuleText {
  /** As findings, comments and the reference name it. */
  readonly name: string;
  readonly severity: LintFinding['severity'];
  /** What the statement does, in the words of a finding. */
  readonly title: string;
  /** Why that is a danger. */
  readonly reason: string;
  /** What to do instead. */
  readonly safer: string;
}

/** A place where a rule applies, as its rule sees it. */
export type Match = Pick<LintPlace, 'unless' | 'unlessEver' | 'onlyIf' | 'gone'>;

/** A rule about statements of one language, each looked at alone. */
export interface StatementRule<S> extends RuleText {
  /** Texts that it applies to, and texts that it does not: shown by the reference, and held by the tests. */
  readonly examples: { readonly dangerous: readonly string[]; readonly safe: readonly string[] };
  find(statement: S): readonly Match[];
}
