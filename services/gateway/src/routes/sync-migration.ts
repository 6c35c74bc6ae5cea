import { operation } from '../http/operation.js';
import { startRun } from '../runs/start-run.js';
import { messageSchema, messageWithDataSchema } from '../schemas/envelope.js';
import { syncSchema } from '../schemas/migration.js';
import { acceptedRunSchema } from '../schemas/run.js';

export const syncMigration = operation({
  method: 'post',
  path: '/migrations/{migration}/sync',
  tag: 'Migrations',
  summary: 'Validate all APIs of a migration and make its plan',
  headers: ['Prefer'],
  body: syncSchema,
  result: messageSchema,
  acceptedResult: messageWithDataSchema(acceptedRunSchema),
  errors: [
    'TEMPLATE_NOT_FOUND',
    'ENDPOINT_NOT_ALLOWED',
    'MIGRATION_STATE',
    'RUN_CANCELLED',
    'ATOMICITY_REFUSED',
    'REHEARSAL_REFUSED',
    'REHEARSAL_FAILED',
    'LOCK_TIMEOUT',
    'MIGRATION_EXECUTION_FAILED',
  ],
  handler: ({ subject, path, body, deps, http }) =>
    startRun(
      { deps, subject, http, migration: path.migration },
      { kind: 'sync', overrides: {}, rehearse: body.rehearse },
      { succeeded: 'migration sync started', accepted: 'migration sync started' },
    ),
});
