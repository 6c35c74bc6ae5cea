import { z } from 'zod';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { followRun, lastEventId, wantsEventStream } from '../runs/follow-run.js';
import { dataSchema } from '../schemas/envelope.js';
import { runEventSchema } from '../schemas/run-event.js';
import { runEventsQuerySchema } from '../schemas/run.js';
import { viewRunEvent } from '../views/run.js';

export const listRunEvents = operation({
  method: 'get',
  path: '/runs/{run}/events',
  tag: 'Runs',
  summary: 'What happened in a run, oldest first: a list, or, for text/event-stream, as it comes',
  query: runEventsQuerySchema,
  headers: ['Last-Event-ID'],
  result: dataSchema(z.array(runEventSchema)),
  events: runEventSchema,
  errors: ['RATE_LIMITED'],
  handler: async ({ subject, path, query, deps, http }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const run = await organization.run(path.run);
    if (wantsEventStream(http)) return followRun({ deps, http, subject, run, after: lastEventId(http) ?? query.after });
    return data((await organization.runEvents(run.uuid, query.after)).map(viewRunEvent));
  },
});
