import { z } from 'zod';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { dataSchema } from '../schemas/envelope.js';
import { runEventSchema, runEventsQuerySchema } from '../schemas/run.js';
import { viewRunEvent } from '../views/run.js';

export const listRunEvents = operation({
  method: 'get',
  path: '/runs/{run}/events',
  tag: 'Runs',
  summary: 'List what happened in a run, oldest first',
  level: 'Read',
  query: runEventsQuerySchema,
  result: dataSchema(z.array(runEventSchema)),
  handler: async ({ subject, path, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const { uuid } = await organization.run(path.run);
    return data((await organization.runEvents(uuid, query.after)).map(viewRunEvent));
  },
});
