import { z } from 'zod';
import { data } from '../http/answer.js';
import type { HttpRequest } from '../http/http-request.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { migrationSchema, verboseMigrationSchema } from '../schemas/migration.js';
import { viewMigration, viewMigrationVerbosely } from '../views/migration.js';

function isVerbose(http: HttpRequest): boolean {
  return http.header('x-eden-verbose') === 'true';
}

export const getMigration = operation({
  method: 'get',
  path: '/migrations/{migration}',
  tag: 'Migrations',
  summary: 'Show a migration; X-Eden-Verbose: true adds the APIs themselves',
  headers: ['X-Eden-Verbose'],
  result: dataSchema(z.union([migrationSchema, verboseMigrationSchema])),
  handler: async ({ subject, path, deps, http }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const migration = await organization.migration(path.migration);
    const view = isVerbose(http) ? viewMigrationVerbosely : viewMigration;
    return data(await view(organization, subject, migration));
  },
});
