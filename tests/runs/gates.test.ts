import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTemplate, updateApi, updateTemplate } from '@eden/coordinator';
import { RunWorld } from './run-world.js';

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
