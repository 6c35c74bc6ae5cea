import { putSource as put } from '@eden/coordinator';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { filesOf, refuseOtherParts } from '../http/folder-files.js';
import { dataSchema } from '../schemas/envelope.js';
import { newSourceSchema, putSourceResultSchema } from '../schemas/source.js';
import { viewPutSource } from '../views/source.js';

export const putSource = operation({
  method: 'put',
  path: '/migrations/{migration}/sources/{source}',
  tag: 'Migrations',
  summary: 'Make a folder of another migration tool part of a migration, or replace it',
  body: newSourceSchema,
  upload: { part: 'source', files: { files: 'One part for each file; its filename is the path' } },
  result: dataSchema(putSourceResultSchema),
  errors: [
    'ENDPOINT_NOT_FOUND',
    'SOURCE_REFUSED',
    'API_EXISTS',
    'MIGRATION_STATE',
    'MIGRATION_CHANGED',
    'RUN_IN_PROGRESS',
    'LOCK_TIMEOUT',
  ],
  handler: async ({ subject, path, body, upload, deps }) => {
    const { files, ...command } = body;
    refuseOtherParts(upload, ['files']);
    const source = await put(deps, subject, path, { ...command, files: filesOf(files, upload) });
    const organization = deps.store.organization(subject.organizationUuid);
    const migration = await organization.migration(source.migrationUuid);
    return data(viewPutSource(source, migration, await organization.sourceFileList(source.uuid)));
  },
});
