import type { RunFilter } from '@eden/domain';
import type { z } from 'zod';
import { page } from '../http/answer.js';
import { operation } from '../http/operation.js';
import { readablePage } from '../http/page-request.js';
import { pageSchema } from '../schemas/envelope.js';
import { runsQuerySchema, listedRunSchema } from '../schemas/run.js';
import { statesSeenAs, viewListedRuns } from '../views/run.js';

function filterOf({ state, kind, q: text, actor, since }: z.output<typeof runsQuerySchema>): RunFilter {
  const states = state === undefined ? undefined : statesSeenAs(state);
  return { states, kind, text, actor, since: since === undefined ? undefined : new Date(since) };
}

export const listRuns = operation({
  method: 'get',
  path: '/runs',
  tag: 'Runs',
  summary: 'List the runs of all migrations, without their APIs',
  query: runsQuerySchema,
  result: pageSchema(listedRunSchema),
  handler: async ({ subject, query, deps }) => {
    const organization = deps.store.organization(subject.organizationUuid);
    const { items, nextCursor } = await organization.allRuns(readablePage(subject, query), filterOf(query));
    return page({ items: await viewListedRuns(organization, subject, items), nextCursor }, (run) => run);
  },
});
