import { z } from 'zod';
import { data } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { hiddenFrom } from '../http/page-request.js';
import { followOrganization, lastMoment } from '../runs/follow-organization.js';
import { wantsEventStream } from '../runs/follow-run.js';
import type { HttpRequest } from '../http/http-request.js';
import { dataSchema } from '../schemas/envelope.js';
import { organizationEventSchema } from '../schemas/organization-event.js';
import { viewOpenRun } from '../views/organization-event.js';

export const listEvents = operation({
  method: 'get',
  path: '/events',
  tag: 'Runs',
  summary: 'What changes in the organization: whatever moves, as it does, or, for application/json, the runs under way',
  headers: ['Last-Event-ID'],
  result: dataSchema(z.array(organizationEventSchema)),
  events: organizationEventSchema,
  errors: ['RATE_LIMITED'],
  handler: async ({ subject, deps, http }) => {
    if (!wantsJson(http)) return followOrganization({ deps, http, subject, since: lastMoment(http) });
    const now = new Date();
    const runs = await deps.store.organization(subject.organizationUuid).openRuns({ hidden: hiddenFrom(subject) });
    return data(runs.map((run) => viewOpenRun(run, now)));
  },
});

/** By name, and no stream beside it: whoever asks for nothing, or anything, follows. */
function wantsJson(http: HttpRequest): boolean {
  return !wantsEventStream(http) && http.header('accept')?.includes('application/json') === true;
}
