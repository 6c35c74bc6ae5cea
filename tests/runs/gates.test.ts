import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTemplate, updateApi, updateTemplate } from '@eden/coordinator';
import { consumeRun } from '@eden/engine';
import { eventually, withClient } from '@eden/testkit';
import { NEVER, RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create();
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

// Protocol: I6
it('a template through which an API reads voids the plan when it leads to another database: its gate is not closed there', async () => {
  const { deps, subject } = world;
  const body = { query: 'SELECT n FROM counter' };
  const template = { id: 'reader', description: null, kind: 'Read', body, settings: {} } as const;
  await createTemplate(deps, subject, { ...template, endpoint: 'db-0' });
  await world.migration('m', [{ database: 1, query: 'UPDATE counter SET n = n + 1' }], async () => {
    await updateApi(deps, subject, 'm-0', { bindings: [{ template: 'reader', fields: {} }] });
  });
  await updateTemplate(deps, subject, 'reader', { endpoint: 'db-1' });
  await expect(world.request('m')).rejects.toMatchObject({ code: 'PLAN_OUT_OF_DATE' });
});

it.each(['guarded-0', 'guarded-reader'])(
  'a template (%s) does not move while a run that uses it is unfinished',
  async (template) => {
    const { deps, subject } = world;
    const migration = template === 'guarded-0' ? 'guarded' : 'observed';
    const api = `${migration}-0`;
    const reader = {
      id: 'guarded-reader',
      endpoint: 'db-0',
      description: null,
      kind: 'Read',
      body: { query: 'SELECT 1' },
    } as const;
    await world.migration(migration, [{ database: 0, query: 'UPDATE counter SET n = n + 1' }], async () => {
      if (migration === 'guarded') return;
      await createTemplate(deps, subject, { ...reader, settings: {} });
      await updateApi(deps, subject, api, { bindings: [{ template: reader.id, fields: {} }] });
    });
    const run = await world.request(migration);
    const move = () => updateTemplate(deps, subject, template, { endpoint: 'db-1' });
    await expect(move()).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS', context: { run_uuid: run } });
    await world.finish(run);
    expect(await move()).toMatchObject({ id: template });
  },
);

// Protocol: I7
it('those of databases that share no API are waited for at once', async () => {
  const { deps, subject, databases } = world;
  const steps = ([0, 1] as const).map((database) => ({ database, query: 'UPDATE counter SET n = n + 1' }));
  await world.migration('at-once', steps, async () => {
    for (const database of [0, 1]) {
      const template = { id: `at-once-reader-${database}`, description: null, kind: 'Read', settings: {} } as const;
      await createTemplate(deps, subject, { ...template, endpoint: `db-${database}`, body: { query: 'SELECT 1' } });
      await updateApi(deps, subject, `at-once-${database}`, { bindings: [{ template: template.id, fields: {} }] });
    }
  });
  const run = await world.request('at-once');
  await withClient(databases[0].url, (first) =>
    withClient(databases[1].url, async (second) => {
      const readers = [first, second];
      for (const [database, reader] of readers.entries()) await reader.query(enterGate(await apiOf(database)));
      const finished = world.finish(run);
      for (const database of [0, 1]) await eventually(() => expectWaiting(database));
      for (const reader of readers) await reader.query('COMMIT');
      expect(await finished).toMatchObject({ state: 'succeeded', attempt: 1 });
    }),
  );

  async function apiOf(database: number): Promise<string> {
    return (await deps.store.organization(subject.organizationUuid).api(`at-once-${database}`)).uuid;
  }

  async function expectWaiting(database: number): Promise<void> {
    const sql = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    expect(await world.query(database, sql)).toHaveLength(1);
  }
});

it('a run has its sessions before its lock, and closes them where it does not get it', async () => {
  const { deps, subject } = world;
  await world.migration('early', [{ database: 0, query: 'UPDATE counter SET n = n + 1' }]);
  const run = await world.request('early');
  const { uuid } = await deps.store.organization(subject.organizationUuid).api('early-0');
  const held = await deps.locks.write([{ kind: 'api', uuid }], { owner: { purpose: 'test' }, timeoutMs: 1_000 });
  const consumed = consumeRun(world.worker(), run, NEVER);
  await eventually(async () => expect(await sessions()).toEqual([{ state: 'idle' }]));
  expect(await consumed).toMatchObject({ kind: 'later' });
  await eventually(async () => expect(await sessions()).toEqual([]));
  await held.release();
  expect(await world.finish(run)).toMatchObject({ state: 'succeeded', attempt: 1 });

  function sessions(): Promise<readonly object[]> {
    const sql = `SELECT state FROM pg_stat_activity WHERE application_name LIKE 'eden/${run.replaceAll('-', '')}/%'`;
    return world.query(0, sql);
  }
});

/** As somebody who executes the API. */
function enterGate(api: string): string {
  const key = createHash('sha256').update(`eden:gate:${api}`).digest().readBigInt64BE(0);
  return `BEGIN; SELECT pg_advisory_xact_lock_shared(${key})`;
}
