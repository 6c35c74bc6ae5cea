import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { followRun, lastEventId, wantsEventStream } from '../runs/follow-run.js';
import { pageSchema } from '../schemas/envelope.js';
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
  result: pageSchema(runEventSchema),
  events: runEventSchema,
  errors: ['RATE_LIMITED'],
  handler: async ({ subject, path, query, deps, http }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const run = await organization.run(path.run);
    if (wantsEventStream(http)) return followRun({ deps, http, subject, run, after: lastEventId(http) ?? query.after });
    const known = query.cursor === undefined ? query.after : Number(query.cursor);
    const { limit } = query;
    const events = await organization.runEvents(run.uuid, known, limit === undefined ? undefined : limit + 1);
    const items = events.slice(0, limit);
    const nextCursor = events.length > items.length ? String(items.at(-1)?.sequence) : null;
    return page({ items, nextCursor }, viewRunEvent);
  },
});
