import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApi, createEndpoint, createTemplate, executeApi, executeTemplate } from '@eden/coordinator';
import type { Api, Template, TemplateKind } from '@eden/domain';
import { createWorld, type World } from '../executions/world.js';

/*
 * The ways in which a client runs SQL, on an endpoint of one connection. What else SQL can leave in a session, and each
 * way in which an execution can end: packages/targets/src/postgres/session-state.integration.test.ts.
 */

/** Stands in every dump that pg_dump writes; whoever comes next would find none of the tables. */
const DUMP_LINE = "SELECT pg_catalog.set_config('search_path', '', false), pg_advisory_lock(1)";

let world: World;
let made = 0;

beforeAll(async () => {
  world = await createWorld();
  const config = { url: world.databases[0].url, pool_size: 1 };
  await createEndpoint(world.deps, world.admin, { id: 'one', kind: 'Postgres', description: null, config });
  await world.query(0, 'CREATE TABLE notes AS SELECT 1 AS id');
});

afterAll(() => world.close());

function template(query: string, kind: TemplateKind, expectedRows?: number): Promise<Template> {
  const id = `template-${(made += 1)}`;
  const settings = expectedRows === undefined ? {} : { expect: { row_count: expectedRows } };
  const body = { query };
  return createTemplate(world.deps, world.admin, { id, description: null, endpoint: 'one', kind, body, settings });
}

async function api(kind: TemplateKind, ...queries: readonly string[]): Promise<Api> {
  const templates = await Promise.all(queries.map((query) => template(query, kind)));
  const bindings = templates.map(({ uuid }) => ({ template: uuid, fields: {} }));
  return createApi(world.deps, world.admin, { id: `api-${(made += 1)}`, description: null, fields: [], bindings });
}

/** What the next one sees: its table, and no lock. */
async function expectNothingLeft(): Promise<void> {
  const look = await template(
    `SELECT id, (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks
       FROM notes`,
    'Read',
  );
  expect((await executeTemplate(world.deps, world.admin, look.id, {})).rows).toEqual([{ id: 1, locks: 0 }]);
}

describe('a line of a dump', () => {
  it.each(['Read', 'Write'] as const)('in a %s template reaches nobody else', async (kind) => {
    const { id } = await template(DUMP_LINE, kind);
    await executeTemplate(world.deps, world.admin, id, {});
    await expectNothingLeft();
  });

  it('in a template whose expectation fails reaches nobody else', async () => {
    const { id } = await template(DUMP_LINE, 'Write', 7);
    await expect(executeTemplate(world.deps, world.admin, id, {})).rejects.toMatchObject({
      code: 'EXPECTATION_FAILED',
    });
    await expectNothingLeft();
  });

  it.each(['Read', 'Write'] as const)('in an API of one %s template reaches nobody else', async (kind) => {
    const { id } = await api(kind, DUMP_LINE);
    await executeApi(world.deps, world.admin, id, {});
    await expectNothingLeft();
  });

  it('in an API of several templates, the last of which fails, reaches nobody else', async () => {
    const { id } = await api('Write', DUMP_LINE, 'SELECT 1/0');
    await expect(executeApi(world.deps, world.admin, id, {})).rejects.toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
    });
    await expectNothingLeft();
  });
});
