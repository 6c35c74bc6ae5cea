import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { consumeRun, createTemplate, executeApi, updateApi, updateTemplate } from '@eden/coordinator';
import type { HeldLock } from '@eden/domain';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create();
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

/** Of a reader that has lost its lock without noticing: only the gates are left. */
const LOST: HeldLock = { mode: 'read', waitedMs: 0, signal: NEVER, leases: [], release: () => Promise.resolve() };

it('a template that leads to another database since the sync meets the gate there', async () => {
  const { deps, subject } = world;
  const body = { query: 'SELECT n FROM counter' };
  const template = { id: 'reader', description: null, kind: 'Read', body, settings: {} } as const;
  await createTemplate(deps, subject, { ...template, endpoint: 'db-0' });
  await world.migration('m', [{ database: 1, query: 'UPDATE counter SET n = n + 1' }], async () => {
    await updateApi(deps, subject, 'm-0', { bindings: [{ template: 'reader', fields: {} }] });
  });
  await updateTemplate(deps, subject, 'reader', { endpoint: 'db-1' });

  const reader = {
    ...deps,
    locks: { ...deps.locks, read: () => Promise.resolve(LOST) },
    settings: { ...deps.settings, lockTimeoutMs: 500 },
  };
  const reads: unknown[] = [];
  const worker = world.worker(async (point) => {
    if (point !== 'after-prepare') return;
    reads.push(await executeApi(reader, subject, 'm-0', {}).catch((error: unknown) => error));
  });
  const run = await world.request('m');
  await consumeRun(worker, run, NEVER);
  expect(reads).toMatchObject([{ code: 'LOCK_TIMEOUT' }]);
  expect(await world.run(run)).toMatchObject({ state: 'succeeded' });
});
