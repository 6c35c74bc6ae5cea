import { EdenError } from '@eden/domain';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { text, wantsText } from '../http/text.js';
import { dataSchema } from '../schemas/envelope.js';
import { planSchema } from '../schemas/plan.js';
import { planText } from '../views/plan-text.js';
import { viewPlan } from '../views/plan.js';

export const getMigrationPlan = operation({
  method: 'get',
  path: '/migrations/{migration}/plan',
  tag: 'Migrations',
  summary: 'Show what the last good sync found and migrate will do',
  result: dataSchema(planSchema),
  text: 'The plan to read, for whoever has to approve it',
  errors: ['PLAN_NOT_FOUND'],
  handler: async ({ subject, path, deps, http }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const migration = await organization.migration(path.migration);
    const plan = await organization.plan(migration.uuid);
    if (plan === null) {
      throw new EdenError('PLAN_NOT_FOUND', { migration_id: migration.id, suggestion: 'Run sync first' });
    }
    return wantsText(http) ? text(planText(plan, migration)) : data(viewPlan(plan, migration));
  },
});
