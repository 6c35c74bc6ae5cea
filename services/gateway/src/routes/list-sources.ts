import { describeSource } from '@eden/coordinator';
import { z } from 'zod';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { sourceSchema } from '../schemas/source.js';
import { viewSource } from '../views/source.js';

export const listSources = operation({
  method: 'get',
  path: '/migrations/{migration}/sources',
  tag: 'Migrations',
  summary: 'List the folders of a migration with the state of every file, as last seen',
  level: 'Read',
  result: dataSchema(z.array(sourceSchema)),
  handler: async ({ subject, path, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const migration = await organization.migration(path.migration);
    const sources = await organization.sources(migration.uuid);
    const described = await Promise.all(sources.map((source) => describeSource(organization, migration, source)));
    return data(described.map((source) => viewSource(source, migration)));
  },
});
