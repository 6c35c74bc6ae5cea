import type { Uuid } from '@eden/domain';
import { arrangePlan, type ArrangedPlan } from './arrange-plan.js';
import type { KnownTargets } from './plan-apis.js';
import { planApis } from './plan-apis.js';
import type { Planner, WorkToPlan } from './planner.js';
import { refuseSharedHistories } from './shared-histories.js';
import { reportOf } from './target-reports.js';
import { usersOfGone } from './users-of-gone.js';

/**
 * What of a migration commits together, what runs before and after it, and what is left to later ones: every API's
 * statements rendered and classified. Changes nothing anywhere.
 * @throws EdenError the first finding that stands in the way; `errors` lists all of them
 */
export async function planWork(planner: Planner, work: WorkToPlan, targets: KnownTargets): Promise<ArrangedPlan> {
  const planned = await planApis(planner, work, targets);
  refuseSharedHistories(work, planned, targets.reports);
  const databaseOf = (endpoint: Uuid): string => reportOf(endpoint, targets.reports).identity.key;
  const { atomicity } = work.migration.options;
  const isRollback = work.apis.some(({ source }) => source?.direction === 'down');
  const usersOf = await usersOfGone(planner.users, planned, {
    places: [...targets.reports.keys()].map((endpoint) => ({ endpoint, database: databaseOf(endpoint) })),
    members: work.apis.map(({ member }) => member),
  });
  return arrangePlan(planned, databaseOf, { atomicity, isRollback, usersOf });
}
