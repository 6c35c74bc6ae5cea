import { operation } from '../http/operation.js';
import { startRun } from '../runs/start-run.js';
import { messageSchema, messageWithDataSchema } from '../schemas/envelope.js';
import { migrateSchema } from '../schemas/migration.js';
import { acceptedRunSchema } from '../schemas/run.js';

export const executeMigration = operation({
  method: 'post',
  path: '/migrations/{migration}/migrate',
  tag: 'Migrations',
  summary: 'Commit all APIs of a migration, or none',
  headers: ['Prefer'],
  body: migrateSchema,
  result: messageSchema,
  acceptedResult: messageWithDataSchema(acceptedRunSchema),
  errors: [
    'MIGRATION_NOT_SYNCED',
    'PLAN_OUT_OF_DATE',
    'MIGRATION_AWAITS_APPROVAL',
    'RUN_IN_PROGRESS',
    'RUN_CANCELLED',
    'LOCK_TIMEOUT',
    'MIGRATION_EXECUTION_FAILED',
  ],
  handler: ({ subject, path, body, deps, http }) =>
    startRun(
      { deps, subject, http, migration: path.migration },
      { kind: 'migrate', overrides: body.migration },
      { succeeded: 'migration commit completed', accepted: 'migration started' },
    ),
});
