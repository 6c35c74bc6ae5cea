import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findDrift, inspectMigrationLock } from '@eden/coordinator';
import type { TargetAdapter } from '@eden/domain';
import { consumeRun } from '@eden/engine';
import { NEVER, RunWorld, type WorldDeps } from './run-world.js';

let world: RunWorld;

beforeAll(async () => {
  world = await RunWorld.create();
  await world.query(0, 'CREATE TABLE users (id int PRIMARY KEY, email text); CREATE VIEW adults AS SELECT 1 AS n');
  await world.query(0, "CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n'");
  await world.query(0, 'CREATE TABLE logs (at date, text text) PARTITION BY RANGE (at)');
});

afterAll(() => world.close());

let count = 0;
let id: string;

beforeEach(async () => {
  id = `m${(count += 1)}`;
  await world.migration(id, [
    { database: 0, query: `CREATE TABLE made_${count} (id int)`, rollback: `DROP TABLE made_${count}` },
  ]);
});

function drift() {
  return findDrift(world.deps, world.subject, id);
}

async function run(kind: 'migrate' | 'rollback'): Promise<void> {
  const uuid = await world.request(id, kind);
  await consumeRun(world.worker(), uuid, NEVER);
  expect(await world.run(uuid)).toMatchObject({ state: 'succeeded' });
}

/** A worker that reads schemas so. */
function describing(describeSchema: TargetAdapter['describeSchema']): WorldDeps {
  const { targets } = world.deps;
  const adapter: typeof targets.adapter = (kind) =>
    new Proxy(targets.adapter(kind), {
      get: (target, name) => {
        if (name === 'describeSchema') return describeSchema;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return world.worker(undefined, { targets: { adapter, checkConfig: (...args) => targets.checkConfig(...args) } });
}

describe('drift', () => {
  it('is none behind a sync, a migrate and a rollback, whatever these have changed', async () => {
    expect(await drift()).toEqual([]);
    await run('migrate');
    expect(await drift()).toEqual([]);
    await run('rollback');
    expect(await drift()).toEqual([]);
  });

  it('names what was added, changed and removed, each with what it was and is', async () => {
    await run('migrate');
    await world.query(0, 'ALTER TABLE users ADD COLUMN "the name" varchar(20); DROP TABLE made_2');
    await world.query(0, 'CREATE OR REPLACE VIEW adults AS SELECT 2 AS n; CREATE INDEX by_email ON users (email)');
    await world.query(0, "CREATE OR REPLACE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 3 * n'");
    const of = (object: string, change: string, before: unknown, after: unknown) => ({
      endpoint: 'db-0',
      database: world.databases[0].name,
      ...{ object, change, before, after },
    });
    expect(await drift()).toEqual([
      of('column public.users."the name"', 'added', null, expect.stringContaining('character varying(20) f')),
      of('function public.twice(integer)', 'changed', 'SELECT 2 * n', 'SELECT 3 * n'),
      of('index public.by_email', 'added', null, expect.stringContaining('CREATE INDEX by_email ON public.users')),
      of('table public.made_2', 'removed', expect.any(String), null),
      of('view public.adults', 'changed', expect.stringContaining('1 AS n'), expect.stringContaining('2 AS n')),
    ]);
  });

  it('is none of partitions, which come and go, and keeps no plan from running', async () => {
    await world.query(0, "CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')");
    expect(await drift()).toEqual([]);
    await run('migrate');
  });

  it('keeps a plan from running that was made of something else', async () => {
    await world.query(0, 'ALTER TABLE logs ADD COLUMN more int');
    expect(await drift()).toMatchObject([{ object: 'column public.logs.more' }]);
    const uuid = await world.request(id);
    await consumeRun(world.worker(), uuid, NEVER);
    expect(await world.run(uuid)).toMatchObject({ state: 'failed', error: { code: 'PLAN_OUT_OF_DATE' } });
  });

  it('is looked for behind a migrate once nobody waits for its lock any more', async () => {
    const held: unknown[] = [];
    const worker = describing(async (endpoint) => {
      const locks = await inspectMigrationLock(world.deps, world.subject, id);
      held.push(...locks.flatMap(({ writer }) => writer ?? []));
      return world.deps.targets.adapter(endpoint.kind).describeSchema(endpoint);
    });
    const uuid = await world.request(id);
    await consumeRun(worker, uuid, NEVER);
    expect(await world.run(uuid)).toMatchObject({ state: 'succeeded' });
    expect(held).toEqual([]);
    expect(await drift()).toEqual([]);
  });

  it('is not none where the endpoint is gone', async () => {
    const { store } = world.deps;
    const organization = store.organization(world.subject.organizationUuid);
    const without = { ...organization, endpointsByUuid: () => Promise.resolve(new Map()) };
    const deps = { ...world.deps, store: { ...store, organization: () => without } };
    await expect(findDrift(deps, world.subject, id)).rejects.toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
  });

  it('is not told where nobody has kept what was there', async () => {
    const organization = world.deps.store.organization(world.subject.organizationUuid);
    const uuid = await world.request(id, 'sync');
    const failing = describing(() => Promise.reject(new Error('away')));
    await consumeRun(failing, uuid, NEVER);
    expect(await organization.run(uuid)).toMatchObject({ state: 'succeeded' });
    await expect(drift()).rejects.toMatchObject({
      code: 'SCHEMA_NOT_KNOWN',
      context: { databases: [world.databases[0].name] },
    });
  });
});
