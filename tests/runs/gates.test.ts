import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTemplate, updateApi, updateTemplate } from '@eden/coordinator';
import { RunWorld } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create();
  for (const database of [0, 1] as const) await world.query(database, 'CREATE TABLE counter AS SELECT 0 AS n');
});

afterAll(() => world.close());

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
