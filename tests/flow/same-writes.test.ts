import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, TestDatabase } from '@eden/testkit';
import { startCluster, testServers } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import { Pauses } from '../customers/pause.js';

const PASSWORD = 'correct horse';
const MIGRATION = '/migrations/m';

const TEMPLATE = {
  description: 'adds one',
  template: { endpoint: 'db', kind: 'Write', template: { query: "SELECT pause('m'), {{n}}" } },
  defaults: { n: 1, m: 2 },
};
const API = {
  description: 'counts',
  fields: [{ name: 'id', type: 'Number', required: false }],
  bindings: [{ template: 'step', fields: { n: { literal: 1 } } }],
};
const CHANGES = {
  description: 'a new schema',
  parameters: { a: { x: 1, y: [2, 3] }, b: 'two' },
  options: { approval: true, lock_timeout_ms: 60_000 },
};

/** What is there already, in other words. */
const EQUAL: readonly (readonly [string, object])[] = [
  [MIGRATION, {}],
  [MIGRATION, { description: 'a new schema', parameters: { b: 'two', a: { y: [2, 3], x: 1 } } }],
  [MIGRATION, { options: { lock_timeout_ms: 60_000, approval: true } }],
  ['/templates/step', {}],
  ['/templates/step', { ...TEMPLATE, defaults: { m: 2, n: 1 }, rollback: null }],
  ['/apis/api', {}],
  ['/apis/api', API],
];

describe('a change that changes nothing', () => {
  let world: CustomerWorld;
  let admin: ApiClient;
  let database: TestDatabase;
  let pauses: Pauses;

  beforeAll(async () => {
    world = await CustomerWorld.create(await startCluster());
    ({ database } = await world.addDatabase(testServers().targets[0], 'db'));
    pauses = await Pauses.install(database);
    const approver = await addAdmin('bob');
    admin = await addAdmin('ann');
    await accept('/templates', { id: 'step', ...TEMPLATE });
    await accept('/apis', { id: 'api', ...API });
    await accept('/migrations', { id: 'm', ...CHANGES });
    await accept(`${MIGRATION}/add_api`, { id: 'api', bindings: [{ template: 'step', fields: {} }] });
    await accept(`${MIGRATION}/sync`, {});
    expect(await approver.post(`${MIGRATION}/approve`)).toMatchObject({ status: 200 });
  });

  async function addAdmin(username: string): Promise<ApiClient> {
    await world.accept('/iam/users', { username, password: PASSWORD, access_level: 'Admin' });
    return world.client.logIn(world.organization, username, PASSWORD);
  }

  async function accept(path: string, body: object): Promise<void> {
    expect(await admin.post(path, body)).toMatchObject({ status: 200 });
  }

  /** But for the run, which goes on meanwhile. */
  async function shown(path: string): Promise<object> {
    const { body } = await admin.get<{ data: object }>(path, { 'x-eden-verbose': 'true' });
    return { ...body.data, run: null };
  }

  async function changes(): Promise<readonly object[]> {
    const { body } = await admin.get<{ data: { action: string }[] }>('/audit?limit=200');
    return body.data.filter(({ action }) => action.endsWith('.update'));
  }

  async function expectNothingChanged(): Promise<void> {
    for (const [path, body] of EQUAL) {
      const before = await shown(path);
      expect(await admin.patch(path, body)).toMatchObject({ status: 200, body: { status: 'success' } });
      expect(await shown(path)).toEqual(before);
    }
    expect(await changes()).toEqual([]);
  }

  it('keeps the plan and its approval', async () => {
    const plan = await shown(`${MIGRATION}/plan`);
    await expectNothingChanged();
    expect(await shown(`${MIGRATION}/plan`)).toEqual(plan);
    expect(await shown(MIGRATION)).toMatchObject({
      approval: { approved_by: 'bob' },
      apis: [{ migration: { state: true } }],
    });
  });

  it('voids no plan beside a change of what is only a remark', async () => {
    const plan = await shown(`${MIGRATION}/plan`);
    const labels = { commit: 'f00d' };
    expect(await admin.patch(MIGRATION, { ...CHANGES, labels })).toMatchObject({
      status: 200,
      body: { data: { labels } },
    });
    expect(await shown(`${MIGRATION}/plan`)).toEqual(plan);
    expect(await shown(MIGRATION)).toMatchObject({ approval: { approved_by: 'bob' }, labels });
    expect(await changes()).toEqual([]);
  });

  it('is answered during a run, which a real change is refused for at once', async () => {
    await pauses.begin('m');
    const migrate = admin.post(`${MIGRATION}/migrate`);
    await pauses.isReached();
    await expectNothingChanged();
    const refused = { status: 409, body: { code: 'RUN_IN_PROGRESS', run_uuid: expect.any(String) } };
    expect(await admin.patch(MIGRATION, { parameters: { b: 'three' } })).toMatchObject(refused);
    expect(await admin.patch('/apis/api', { description: null })).toMatchObject(refused);
    expect(await admin.patch('/apis/api', { bindings: [] })).toMatchObject(refused);
    await pauses.end('m');
    expect(await migrate).toMatchObject({ status: 200 });
    expect(await rowsOf(database, 'SELECT FROM paused')).toEqual([]);
    expect(await admin.patch('/apis/api', { description: null })).toMatchObject({ status: 200 });
  });
});
