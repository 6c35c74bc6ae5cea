import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, Cluster } from '@eden/testkit';
import { eventually, startCluster, withClient } from '@eden/testkit';
import { JournalWorld } from '../delivery/journal-world.js';
import { macOf } from './hook-caller.js';
import { Receiver, type Received } from './receiver.js';

interface Webhook {
  readonly uuid: string;
  readonly secret: string;
}

interface Delivery {
  readonly uuid: string;
  readonly type: string;
  readonly state: string;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly last_error: string | null;
}

let cluster: Cluster;
let receiver: Receiver;
let world: JournalWorld;
let client: ApiClient;

beforeAll(async () => {
  receiver = await Receiver.start();
  const hosts = `127.0.0.1:${receiver.port}, localhost, hooks.example.com`;
  cluster = await startCluster({ workers: 2, env: { WEBHOOK_ALLOWED_HOSTS: hosts, LOCK_TTL_MS: '2000' } });
  world = await JournalWorld.create(cluster);
  ({ client } = world.customers);
});

async function createWebhook(path: string, events: readonly string[], more: object = {}): Promise<Webhook> {
  const body = { url: receiver.url(path), events, ...more };
  return (await world.customers.accept<{ data: Webhook }>('/iam/webhooks', body)).data;
}

async function deliveries({ uuid }: Webhook): Promise<readonly Delivery[]> {
  return (await client.get<{ data: Delivery[] }>(`/iam/webhooks/${uuid}/deliveries`)).body.data;
}

/** What came is from whoever knows the secret. */
function expectSigned({ headers, text }: Received, { secret }: Webhook): void {
  const [, time = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-eden-signature'])) ?? [];
  expect(mac).toBe(macOf(secret, Number(time), text));
}

function control(sql: string): Promise<unknown> {
  return withClient(cluster.databaseUrl, (inside) => inside.query(sql));
}

describe('webhooks', () => {
  it('tell of a run that was queued, has started and has succeeded, signed, to those who want to hear it', async () => {
    const all = await createWebhook('/all', ['run.queued', 'run.started', 'run.succeeded', 'run.failed']);
    const slack = await createWebhook('/slack', ['run.succeeded'], { format: 'slack' });
    await world.prepare(['told']);
    await world.migrate('told');
    await world.expectOnce(['told']);
    const [run] = await world.runs('told');
    const received = await receiver.count('/all', 6);
    for (const each of received) expectSigned(each, all);
    const events = received.map(({ text }) => JSON.parse(text) as { id: string; type: string; data: { kind: string } });
    expect(new Set(events.map(({ id }) => id)).size).toBe(6);
    expect(
      events
        .filter(({ data }) => data.kind === 'migrate')
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['run.queued', 'run.started', 'run.succeeded']);
    expect(events.find(({ type, data }) => type === 'run.succeeded' && data.kind === 'migrate')).toEqual({
      id: expect.any(String),
      type: 'run.succeeded',
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      data: { migration: 'told', run: run?.uuid, kind: 'migrate', state: 'succeeded' },
    });
    const messages = await receiver.count('/slack', 2);
    for (const message of messages) expectSigned(message, slack);
    const texts = messages.map(({ text }) => (JSON.parse(text) as { text: string }).text);
    expect(texts).toContain(`:white_check_mark: migrate of *told* has succeeded (run ${run?.uuid})`);
    await client.delete(`/iam/webhooks/${slack.uuid}`);
    await client.delete(`/iam/webhooks/${all.uuid}`);
  });

  it('tell why a run has failed, again and again with the same id until somebody listens', async () => {
    const webhook = await createWebhook('/failing', ['run.failed']);
    let turns = 0;
    receiver.replies.set('/failing', (res) => res.writeHead((turns += 1) === 1 ? 500 : 200).end());
    await world.prepare(['doomed']);
    await world.customers.addTemplate('fail', 'db', 'SELECT 1/0');
    await world.customers.addApi('fail');
    await world.customers.accept('/migrations/doomed/add_api', {
      id: 'fail',
      bindings: [{ template: 'fail', fields: {} }],
    });
    await world.customers.accept('/migrations/doomed/sync');
    await world.migrate('doomed');
    await receiver.count('/failing', 1);
    await eventually(async () =>
      expect(await deliveries(webhook)).toMatchObject([
        { state: 'pending', last_status: 500, last_error: 'answered 500' },
      ]),
    );
    await control(`UPDATE webhook_deliveries SET due_at = now() WHERE webhook_uuid = '${webhook.uuid}'`);
    const [first, second] = await receiver.count('/failing', 2);
    expect(second?.text).toBe(first?.text);
    expect(JSON.parse(first?.text ?? '')).toMatchObject({
      type: 'run.failed',
      data: { migration: 'doomed', kind: 'migrate', state: 'failed', error: { code: 'MIGRATION_EXECUTION_FAILED' } },
    });
    await eventually(async () =>
      expect(await deliveries(webhook)).toMatchObject([{ state: 'delivered', attempts: 2 }]),
    );
    await client.delete(`/iam/webhooks/${webhook.uuid}`);
  });

  it('are given up after a day, shown, and sent again when somebody asks for it', async () => {
    const webhook = await createWebhook('/dead', ['run.failed']);
    let isUp = false;
    receiver.replies.set('/dead', (res) =>
      res.writeHead(isUp ? 200 : 302, { Location: receiver.url('/elsewhere') }).end(),
    );
    const test = await world.customers.accept<{ data: Delivery }>(`/iam/webhooks/${webhook.uuid}/test`);
    await receiver.count('/dead', 1);
    await eventually(async () =>
      expect(await deliveries(webhook)).toMatchObject([{ last_error: 'answered 302: redirects are not followed' }]),
    );
    await control(
      `UPDATE webhook_deliveries SET due_at = now(), retry_until = now() WHERE webhook_uuid = '${webhook.uuid}'`,
    );
    await eventually(async () => expect(await deliveries(webhook)).toMatchObject([{ state: 'dead', attempts: 2 }]));
    isUp = true;
    const again = `/iam/webhooks/${webhook.uuid}/deliveries/${test.data.uuid}/redeliver`;
    expect(await client.post(again)).toMatchObject({ status: 200, body: { data: { state: 'pending' } } });
    const received = await receiver.count('/dead', 3);
    expect(JSON.parse(received.at(-1)?.text ?? '')).toMatchObject({ id: test.data.uuid, type: 'webhook.test' });
    await eventually(async () =>
      expect(await deliveries(webhook)).toMatchObject([{ state: 'delivered', attempts: 1 }]),
    );
    expect(receiver.at('/elsewhere')).toEqual([]);
    expect(await client.post(`/iam/webhooks/${webhook.uuid}/deliveries/${webhook.uuid}/redeliver`)).toMatchObject({
      status: 404,
      body: { code: 'DELIVERY_NOT_FOUND' },
    });
  });

  it('lead only where the installation allows it, and never home', async () => {
    const create = (url: string) => client.post('/iam/webhooks', { url, events: ['run.failed'] });
    for (const url of ['http://169.254.169.254/latest', 'https://example.com/', 'http://127.0.0.1:1/']) {
      expect(await create(url)).toMatchObject({
        status: 422,
        body: { code: 'WEBHOOK_NOT_ALLOWED', setting: 'WEBHOOK_ALLOWED_HOSTS' },
      });
    }
    for (const url of ['ftp://hooks.example.com/', 'http://user:pass@hooks.example.com/', 'nonsense']) {
      expect(await create(url)).toMatchObject({ status: 400 });
    }
    const { port } = new URL(cluster.redisUrl);
    const home = (
      await world.customers.accept<{ data: Webhook }>('/iam/webhooks', {
        url: `http://localhost:${port}/`,
        events: ['run.failed'],
      })
    ).data;
    await world.customers.accept(`/iam/webhooks/${home.uuid}/test`);
    await eventually(async () =>
      expect(await deliveries(home)).toMatchObject([
        { last_status: null, last_error: 'It leads to the Redis of this service' },
      ]),
    );
    await client.delete(`/iam/webhooks/${home.uuid}`);
  });

  it('show no secret, belong to their organization, and are told of nothing when they are deleted', async () => {
    const webhook = await createWebhook('/T01/B02/secret-path', ['run.queued'], { secret: 'a secret of my own' });
    const shown = [await client.get('/iam/webhooks'), await client.get(`/iam/webhooks/${webhook.uuid}`)];
    expect(shown[1]).toMatchObject({ body: { data: { url: `http://127.0.0.1:${receiver.port}` } } });
    expect(JSON.stringify(shown)).not.toMatch(/secret-path|a secret of my own/);
    const { client: stranger } = await cluster.createOrganization();
    const paths = [`/iam/webhooks/${webhook.uuid}`, `/iam/webhooks/${webhook.uuid}/deliveries`];
    for (const path of paths) expect(await stranger.get(path)).toMatchObject({ status: 404 });
    expect(await stranger.delete(`/iam/webhooks/${webhook.uuid}`)).toMatchObject({ status: 404 });
    expect(await stranger.post(`/iam/webhooks/${webhook.uuid}/test`)).toMatchObject({ status: 404 });
    await client.delete(`/iam/webhooks/${webhook.uuid}`);
    const witness = await createWebhook('/witness', ['run.queued']);
    await world.prepare(['silent']);
    await receiver.count('/witness', 1);
    expect(receiver.at('/T01/B02/secret-path')).toEqual([]);
    await client.delete(`/iam/webhooks/${witness.uuid}`);
  });
});
