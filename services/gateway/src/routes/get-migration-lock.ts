import { inspectMigrationLock } from '@eden/coordinator';
import { z } from 'zod';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { lockSchema } from '../schemas/lock.js';
import { viewLock } from '../views/lock.js';

export const getMigrationLock = operation({
  method: 'get',
  path: '/migrations/{migration}/lock',
  tag: 'Migrations',
  summary: 'Show who holds or waits for the locks of a migration and its APIs',
  result: dataSchema(z.array(lockSchema)),
  handler: async ({ subject, path, deps }) =>
    data((await inspectMigrationLock(deps, subject, path.migration)).map(viewLock)),
});
