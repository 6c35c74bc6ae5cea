import { operation } from '../http/operation.js';
import { startRun } from '../runs/start-run.js';
import { messageSchema, messageWithDataSchema } from '../schemas/envelope.js';
import { rollbackSchema } from '../schemas/migration.js';
import { acceptedRunSchema } from '../schemas/run.js';

export const rollbackMigration = operation({
  method: 'post',
  path: '/migrations/{migration}/rollback',
  tag: 'Migrations',
  summary: 'Undo a completed migration: the rollbacks of its templates in reverse order, and the earlier definitions',
  headers: ['Prefer'],
  body: rollbackSchema,
  result: messageSchema,
  acceptedResult: messageWithDataSchema(acceptedRunSchema),
  errors: [
    'MIGRATION_STATE',
    'ROLLBACK_REFUSED',
    'RUN_IN_PROGRESS',
    'RUN_CANCELLED',
    'LOCK_TIMEOUT',
    'MIGRATION_EXECUTION_FAILED',
  ],
  handler: ({ subject, path, deps, http }) =>
    startRun(
      { deps, subject, http, migration: path.migration },
      { kind: 'rollback', overrides: {} },
      { succeeded: 'migration rollback completed', accepted: 'migration rollback started' },
    ),
});
