import type { LintFinding, MigrationOptions, Plan, PlannedApi, PlannedBinding, Uuid } from '@eden/domain';
import type { UsersOf } from '@eden/lint';
import { cutPlan } from './cut-plan.js';
import { placeSteps } from './place-steps.js';
import { settleFindings } from './settle-findings.js';

interface ArrangeOptions {
  readonly atomicity: MigrationOptions['atomicity'];
  readonly isRollback?: boolean;
  readonly usersOf?: UsersOf;
}

/** What is planned of the bindings. */
export type ArrangedPlan = Pick<Plan, 'atomicity' | 'apis' | 'laterParts' | 'findings'>;

const NOTHING_TO_DO: LintFinding = {
  rule: 'nothing-to-do',
  severity: 'warning',
  message: 'no API has a binding or a pending file: a migrate sends no statement to any database',
};

/**
 * What of the planned bindings commits together, what runs before and after it, and what is left to later migrations. What
 * is rolled back is rolled back as a whole.
 * @throws EdenError ATOMICITY_REFUSED (context: reasons)
 */
export function arrangePlan(
  planned: readonly PlannedApi[],
  databaseOf: (endpoint: Uuid) => string,
  { atomicity, isRollback = false, usersOf }: ArrangeOptions,
): ArrangedPlan {
  const keyOf = ({ endpoint }: PlannedBinding): string => databaseOf(endpoint);
  const linted = settleFindings(planned, databaseOf, usersOf);
  const { apis: first, laterParts } = isRollback ? { apis: linted } : cutPlan(linted, atomicity ?? 'strict', keyOf);
  const { apis, level } = placeSteps(first, databaseOf, atomicity);
  const findings = planned.every(({ bindings }) => bindings.length === 0) ? { findings: [NOTHING_TO_DO] } : {};
  return laterParts === undefined
    ? { atomicity: level, apis, ...findings }
    : { atomicity: 'best effort', apis, laterParts, ...findings };
}
