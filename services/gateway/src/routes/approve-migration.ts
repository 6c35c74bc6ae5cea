import { approvePlan } from '@eden/coordinator';
import { doneWith } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { messageWithDataSchema } from '../schemas/envelope.js';
import { approvalSchema, approveSchema } from '../schemas/migration.js';
import { viewApproval } from '../views/migration.js';

export const approveMigration = operation({
  method: 'post',
  path: '/migrations/{migration}/approve',
  tag: 'Migrations',
  summary: 'Let the plan of a migration run, as somebody who has made nothing of it',
  body: approveSchema,
  result: messageWithDataSchema(approvalSchema),
  errors: [
    'APPROVAL_NOT_WANTED',
    'APPROVER_INVOLVED',
    'MIGRATION_NOT_SYNCED',
    'MIGRATION_STATE',
    'PLAN_OUT_OF_DATE',
    'RUN_IN_PROGRESS',
  ],
  handler: async ({ subject, path, body, deps }) => {
    const { approval } = await approvePlan(deps, subject, path.migration, body.plan_hash);
    if (approval === null) throw new TypeError('an approval that was not kept');
    return doneWith(viewApproval(approval), 'migration approved');
  },
});
