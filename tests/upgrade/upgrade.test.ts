import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Rollout } from './rollout.js';
import { VERSIONS, other } from './versions.js';

/** The tests are the steps of one rolling deploy, in their order, under calls at every gateway. */
describe('a rolling deploy from the earlier version', () => {
  let rollout: Rollout;

  beforeAll(async () => {
    rollout = await Rollout.begin();
    await rollout.migrate(await rollout.prepare('earlier'), 'earlier');
  });

  afterAll(() => rollout.end());

  it('the schema of this version comes below gateways and workers of the earlier one, between sync and migrate', async () => {
    const id = await rollout.prepare('earlier');
    await rollout.deploy();
    await rollout.migrate(id, 'earlier');
    await rollout.rollBack(id, 'earlier');
    await rollout.addGateway();
    await rollout.expectWhole();
  });

  describe.each(VERSIONS)('a worker of %s', (worker) => {
    it.each(VERSIONS)('serves a gateway of %s, and both gateways tell the same of its runs', async (gateway) => {
      await rollout.workBy(worker);
      const id = await rollout.prepare(gateway);
      const run = await rollout.migrate(id, gateway);
      const told = await Promise.all(VERSIONS.map((version) => rollout.at(version).events(run)));
      expect(told[0]?.map(({ type }) => type)).toEqual(told[1]?.map(({ type }) => type));
      expect(told[0]?.at(-1)).toMatchObject({ type: 'finished' });
      await rollout.expectWhole();
      await rollout.rollBack(id, other(gateway));
      await rollout.expectWhole();
    });
  });

  it.each(VERSIONS)(
    'what a worker of %s has migrated, the other rolls back, and the plans of that one it migrates',
    async (first) => {
      await rollout.workBy(first);
      const migrated = await rollout.prepare(first);
      await rollout.migrate(migrated, first);
      await rollout.workBy(other(first));
      await rollout.rollBack(migrated, first);
      const planned = await rollout.prepare(first);
      await rollout.workBy(first);
      await rollout.migrate(planned, other(first));
      await rollout.expectWhole();
    },
  );

  it.each(VERSIONS)('a worker of %s is killed in a run, and the other one brings it to its end', async (victim) => {
    await rollout.workBy(victim);
    const id = await rollout.prepare(victim);
    const blocker = await rollout.block();
    const run = await rollout.beginBlocked(id, victim);
    await rollout.addWorker(other(victim));
    await rollout.killWorker(victim);
    await blocker.end();
    expect(await rollout.finish(run, 'this')).toMatchObject({ attempt: 2 });
    await rollout.expectWhole();
  });

  it.each(VERSIONS)('a run that a worker of %s has in hand is cancelled at the other gateway', async (worker) => {
    await rollout.workBy(worker);
    const id = await rollout.prepare(worker);
    const blocker = await rollout.block();
    const run = await rollout.beginBlocked(id, worker);
    const { status } = await rollout.at(other(worker)).client.post(`/migrations/${id}/cancel`);
    expect([200, 202]).toContain(status);
    await blocker.end();
    expect(await rollout.at(worker).endOf(run)).toMatchObject({ state: 'cancelled' });
    await rollout.at(worker).release(id);
    await rollout.expectWhole();
  });

  it.each(VERSIONS)('a key that a gateway of %s has answered is known to the other one', async (first) => {
    const [id, headers] = [`kept_by_${first}`, { 'idempotency-key': `key-of-${first}` }];
    const answers = [];
    for (const version of [first, other(first)])
      answers.push(await rollout.at(version).client.post<{ data: unknown }>('/migrations', { id }, headers));
    expect(answers[0]?.status).toBe(200);
    expect(answers[1]).toMatchObject({ status: 200, body: answers[0]?.body });
  });

  it.each(VERSIONS)('a template that is changed at a gateway of %s is another one at both at once', async (first) => {
    const query = `SELECT n, 'changed at ${first}' AS word FROM counter`;
    const { status } = await rollout.at(first).client.patch('/templates/read_0', { template: { template: { query } } });
    expect(status).toBe(200);
    for (const version of VERSIONS) {
      const { body } = await rollout.at(version).client.post('/apis/counters');
      expect(JSON.stringify(body)).toContain(`"word":"changed at ${first}"`);
    }
  });
});
