import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { sourceTextSchema } from '../schemas/source.js';
import { viewSourceText } from '../views/source.js';

export const getSourceFile = operation({
  method: 'get',
  path: '/migrations/{migration}/sources/{source}/files/{path}',
  tag: 'Migrations',
  summary: 'Show a file of a folder as it was sent',
  result: dataSchema(sourceTextSchema),
  handler: async ({ subject, path, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const migration = await organization.migration(path.migration);
    const source = await organization.source(migration.uuid, path.source);
    return data(viewSourceText(await organization.sourceFile(source.uuid, path.path)));
  },
});
