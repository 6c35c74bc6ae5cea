import { describe, expect, it } from '@jest/globals';
import { asUuid, type GrantLevel, type OrganizationReader, type Run, type Subject } from '@eden/domain';
import { viewRun } from './run.js';

const [SEEN, UNSEEN] = [1, 2].map((n) => asUuid(`550e8400-e29b-41d4-a716-44665544000${n}`)) as [
  Run['uuid'],
  Run['uuid'],
];

const run = {
  uuid: SEEN,
  migrationUuid: SEEN,
  state: 'failed',
  createdAt: new Date(0),
  startedAt: null,
  finishedAt: null,
  error: null,
  reason: null,
};
const apis = [SEEN, UNSEEN].map((api) => ({ api, apiId: api, bindings: [] }));
const steps = apis.map(({ api }) => ({
  api,
  database: {},
  startedAt: null,
  finishedAt: null,
  error: null,
  progress: null,
}));
const reader = {
  runApis: () => Promise.resolve(apis),
  runHistory: () => Promise.resolve({ databases: [], events: [] }),
  outsideSteps: () => Promise.resolve(steps),
} as unknown as OrganizationReader;

async function shown(...grants: [Run['uuid'], GrantLevel][]): Promise<(readonly string[])[]> {
  const subject = { level: 'Read', scopes: null, grants: new Map(grants) } as unknown as Subject;
  const view = await viewRun(reader, subject, run as unknown as Run);
  return [view.apis.map(({ api }) => api), (view.steps ?? []).map(({ api }) => api)];
}

describe('a run', () => {
  it('is shown without the APIs that a grant keeps from who asks', async () => {
    expect(await shown()).toEqual([
      [SEEN, UNSEEN],
      [SEEN, UNSEEN],
    ]);
    expect(await shown([UNSEEN, 'None'], [SEEN, 'Admin'])).toEqual([[SEEN], [SEEN]]);
  });
});
