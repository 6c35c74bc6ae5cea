import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { CoordinatorDeps } from '@eden/coordinator';
import { createApi, createTemplate, executeApi } from '@eden/coordinator';
import type { ControlStore } from '@eden/domain';
import { createRedisLocks, type RedisLocks } from '@eden/locking';
import { createWorld, type World } from '../executions/world.js';

let world: World;
let locks: RedisLocks;

beforeAll(async () => {
  world = await createWorld();
  // A lease that does not end while the test waits for nothing.
  locks = createRedisLocks({ urls: [world.lockMaster.url], ttlMs: 60_000, process: 'test' });
});

afterAll(async () => {
  await locks.close();
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
  const { deps, queries } = counting({ ...world.deps, locks });
  const first = await executeApi(deps, world.admin, id, {});
  expect(queries).not.toEqual([]);
  queries.length = 0;
  world.lockMaster.freeze();
  try {
    expect(await executeApi(deps, world.admin, id, {})).toEqual(first);
  } finally {
    world.lockMaster.thaw();
  }
  expect(queries).toEqual([]);
});
