import { inspectLocks } from '@eden/coordinator';
import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageOfAll } from '../http/page-of-all.js';
import { hiddenFrom } from '../http/page-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { migrationLockSchema } from '../schemas/lock.js';
import { viewLock } from '../views/lock.js';

export const listLocks = operation({
  method: 'get',
  path: '/locks',
  tag: 'Migrations',
  summary: 'List the locks that somebody holds or waits for, of all migrations with a run under way and their APIs',
  query: pageQuerySchema,
  result: pageSchema(migrationLockSchema),
  handler: async ({ subject, query, deps }) => {
    const locks = await inspectLocks(deps, subject, hiddenFrom(subject));
    const keyOf = ({ migrationId, resource: { kind, uuid } }: (typeof locks)[number]) =>
      `${migrationId} ${kind} ${uuid}`;
    return page(pageOfAll('locks', { all: locks, keyOf }, query), ({ migrationId, ...lock }) => ({
      migration_id: migrationId,
      ...viewLock(lock),
    }));
  },
});
