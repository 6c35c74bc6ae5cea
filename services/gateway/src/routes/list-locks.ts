import { inspectLocks } from '@eden/coordinator';
import { z } from 'zod';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { hiddenFrom } from '../http/page-request.js';
import { dataSchema } from '../schemas/envelope.js';
import { migrationLockSchema } from '../schemas/lock.js';
import { viewLock } from '../views/lock.js';

export const listLocks = operation({
  method: 'get',
  path: '/locks',
  tag: 'Migrations',
  summary: 'List the locks that somebody holds or waits for, of all migrations with a run under way and their APIs',
  result: dataSchema(z.array(migrationLockSchema)),
  handler: async ({ subject, deps }) => {
    const locks = await inspectLocks(deps, subject, hiddenFrom(subject));
    return data(locks.map(({ migrationId, ...lock }) => ({ migration_id: migrationId, ...viewLock(lock) })));
  },
});
