import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { pageOfAll } from '../http/page-of-all.js';
import { hiddenFrom } from '../http/page-request.js';
import { followOrganization, lastMoment } from '../runs/follow-organization.js';
import { wantsEventStream } from '../runs/follow-run.js';
import type { HttpRequest } from '../http/http-request.js';
import { pageQuerySchema, pageSchema } from '../schemas/envelope.js';
import { organizationEventSchema } from '../schemas/organization-event.js';
import { viewOpenRun } from '../views/organization-event.js';

export const listEvents = operation({
  method: 'get',
  path: '/events',
  tag: 'Runs',
  summary: 'What changes in the organization: whatever moves, as it does, or, for application/json, the runs under way',
  query: pageQuerySchema,
  headers: ['Last-Event-ID'],
  result: pageSchema(organizationEventSchema),
  events: organizationEventSchema,
  errors: ['RATE_LIMITED'],
  handler: async ({ subject, query, deps, http }) => {
    if (!wantsJson(http)) return followOrganization({ deps, http, subject, since: lastMoment(http) });
    const now = new Date();
    const runs = await deps.store.organization(subject.organizationUuid).openRuns({ hidden: hiddenFrom(subject) });
    const found = pageOfAll('events', { all: runs, keyOf: ({ uuid }) => uuid }, query);
    return page(found, (run) => viewOpenRun(run, now));
  },
});

/** By name, and no stream beside it: whoever asks for nothing, or anything, follows. */
function wantsJson(http: HttpRequest): boolean {
  return !wantsEventStream(http) && http.header('accept')?.includes('application/json') === true;
}
