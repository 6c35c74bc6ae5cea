import { cancelRun } from '@eden/coordinator';
import { isFinished } from '@eden/domain';
import { doneWith, goesOn } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { watchRun } from '../runs/watch-run.js';
import { emptyBodySchema, messageWithDataSchema } from '../schemas/envelope.js';
import { runSchema } from '../schemas/run.js';
import { viewRun } from '../views/run.js';

export const cancelMigration = operation({
  method: 'post',
  path: '/migrations/{migration}/cancel',
  tag: 'Migrations',
  summary: 'Undo the unfinished run of a migration; refused from its commit point on',
  headers: ['Prefer'],
  body: emptyBodySchema,
  result: messageWithDataSchema(runSchema),
  acceptedResult: messageWithDataSchema(runSchema),
  errors: ['NO_RUN_IN_PROGRESS', 'RUN_NOT_CANCELLABLE'],
  handler: async ({ subject, path, deps, http }) => {
    const run = await watchRun({ deps, subject, http }, await cancelRun(deps, subject, path.migration));
    const view = await viewRun(deps.store.organization(subject.organizationUuid), subject, run);
    if (isFinished(run.state)) return doneWith(view, 'migration run cancelled');
    return goesOn(view, 'migration run is being undone', run.uuid);
  },
});
