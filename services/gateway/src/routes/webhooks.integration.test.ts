import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isFinished, RUN_STATES } from '@eden/domain';
import type { TestDatabase } from '@eden/testkit';
import { ApiClient, createControlDatabase, redisDatabase, withClient } from '@eden/testkit';
import type { TestGateway } from '../testing/test-gateway.js';
import { startTestGateway } from '../testing/test-gateway.js';
import { wireStateOf } from '../views/run.js';

let control: TestDatabase;
let gateway: TestGateway;
let admin: ApiClient;

beforeAll(async () => {
  control = await createControlDatabase();
  gateway = await startTestGateway({
    DATABASE_URL: control.url,
    REDIS_URL: await redisDatabase(),
    WEBHOOK_ALLOWED_HOSTS: 'hooks.example.com',
  });
  admin = new ApiClient(gateway.url, await gateway.createOrganization('acme'));
});

afterAll(() => gateway.stop());

async function newWebhook(more: object = {}): Promise<string> {
  const body = { url: 'https://hooks.example.com/x', events: ['run.blocked'], ...more };
  const made = await admin.post<{ data: { uuid: string } }>('/iam/webhooks', body);
  expect(made.status).toBe(200);
  return made.body.data.uuid;
}

/** A run is found blocked in a state, as by the worker that has it. */
async function block(run: string, state: string): Promise<void> {
  await withClient(control.url, async (session) => {
    await session.query(
      'UPDATE runs SET state = $2, epoch = 1, in_doubt_since = clock_timestamp(), event_count = event_count + 1 WHERE uuid = $1',
      [run, state],
    );
    await session.query(
      `INSERT INTO run_events (organization_uuid, run_uuid, sequence, type, data)
       SELECT organization_uuid, uuid, event_count, 'blocked', '{}' FROM runs WHERE uuid = $1`,
      [run],
    );
  });
}

describe('a webhook', () => {
  it('hears of the states that a run has for clients, whichever it is in', async () => {
    const webhook = await newWebhook();
    await admin.post('/migrations', { id: 'm' });
    const { body } = await admin.post<{ data: { run: string } }>('/migrations/m/sync', {}, { prefer: 'respond-async' });
    const states = RUN_STATES.filter((state) => !isFinished(state));
    for (const state of states) await block(body.data.run, state);
    const { body: told } = await admin.get<{ data: { data: { state: string } }[] }>(
      `/iam/webhooks/${webhook}/deliveries`,
    );
    expect(told.data.map(({ data }) => data.state).sort()).toEqual(states.map(wireStateOf).sort());
  });

  it('takes whatever secret the caller has, and no empty one', async () => {
    await newWebhook({ secret: 'x' });
    const empty = { url: 'https://hooks.example.com/x', events: ['run.failed'], secret: '' };
    expect(await admin.post('/iam/webhooks', empty)).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'secret' }] },
    });
  });

  it('names what its caller may do with it', async () => {
    const path = `/iam/webhooks/${await newWebhook()}`;
    const looking = { username: 'looking', access_level: 'Admin' };
    const { body: robot } = await admin.post<{ data: { api_key: string } }>('/iam/robots', looking);
    expect(await admin.get(path)).toMatchObject({ body: { data: { actions: ['test', 'delete'] } } });
    expect(await admin.withToken(robot.data.api_key).get(path)).toMatchObject({ body: { data: { actions: [] } } });
  });
});
