import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CoordinatorDeps } from '@eden/coordinator';
import { createApi, createTemplate, executeApi } from '@eden/coordinator';
import type { ControlStore } from '@eden/domain';
import { Redis } from 'ioredis';
import { createWorld, type World } from '../executions/world.js';

let world: World;
let redis: Redis;

beforeAll(async () => {
  world = await createWorld();
  redis = new Redis(world.lockMaster.url);
});

afterAll(async () => {
  redis.disconnect();
  await world.close();
});

/** The same use cases, with every query of an organization counted. */
function counting(deps: CoordinatorDeps): { readonly deps: CoordinatorDeps; readonly queries: string[] } {
  const queries: string[] = [];
  const store: ControlStore = Object.create(deps.store, {
    organization: {
      value: (uuid: Parameters<ControlStore['organization']>[0]) =>
        new Proxy(deps.store.organization(uuid), {
          get: (organization, name, receiver) => {
            queries.push(String(name));
            return Reflect.get(organization, name, receiver) as unknown;
          },
        }),
    },
  });
  return { deps: { ...deps, store }, queries };
}

/** How often a lock was taken or given back. */
async function locksTaken(): Promise<number> {
  const keys = await redis.info('commandstats');
  return Number(/cmdstat_zadd:calls=(\d+)/.exec(keys)?.[1] ?? 0);
}

it('an execution under a lease asks neither the lock masters nor the control database', async () => {
  const template = await createTemplate(world.deps, world.admin, {
    id: 'one',
    description: null,
    endpoint: 'first',
    kind: 'Read',
    body: { query: 'SELECT 1 AS one' },
    settings: {},
  });
  const bindings = [{ template: template.uuid, fields: {} }];
  const { id } = await createApi(world.deps, world.admin, { id: 'api', description: null, fields: [], bindings });
  const { deps, queries } = counting(world.deps);
  await executeApi(deps, world.admin, id, {});
  expect(queries).not.toEqual([]);
  queries.length = 0;
  const before = await locksTaken();
  for (let n = 0; n < 100; n += 1) await executeApi(deps, world.admin, id, {});
  expect(queries).toEqual([]);
  // Three leases (API, template, endpoint) are renewed meanwhile, every quarter of a second.
  expect((await locksTaken()) - before).toBeLessThan(100);
});
