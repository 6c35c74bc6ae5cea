import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, Cluster, ServiceProcess } from '@eden/testkit';
import { eventually, startCluster } from '@eden/testkit';
import { JournalWorld } from '../delivery/journal-world.js';
import { callHook, sign, type HookIdentity } from './hook-caller.js';

let cluster: Cluster;
let world: JournalWorld;
let client: ApiClient;

beforeAll(async () => {
  cluster = await startCluster({ gateways: 2, env: { LOCK_TTL_MS: '2000' } });
  world = await JournalWorld.create(cluster);
  ({ client } = world.customers);
});

function gatewayUrl(number: number): string {
  return cluster.gateways[number]?.url ?? '';
}

const otherGateway = () => client.at(gatewayUrl(1));

/** How many requests a gateway is answering, this question among them. */
async function activeAt({ url }: Pick<ServiceProcess, 'url'>): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^eden_http_requests_active (\d+)$/m.exec(text)?.[1]);
}

describe('the gate of a migration', () => {
  it('lets those in who have waited, at any gateway, since before it was there', async () => {
    const waits = Array.from({ length: 40 }, (_, n) =>
      client.at(gatewayUrl(n % 2)).get('/migrations/early/gate?for=completed&wait=120&missing=wait'),
    );
    const synced = otherGateway().get('/migrations/early/gate?for=synced&wait=120&missing=wait');
    expect(await client.get('/migrations/early/gate?missing=wait')).toMatchObject({
      status: 202,
      body: { state: null, run: null },
    });
    await world.prepare(['early']);
    expect(await synced).toMatchObject({
      status: 200,
      body: { status: 'success', state: 'Pending', run: { kind: 'sync' } },
    });
    await world.migrate('early');
    for (const answer of await Promise.all(waits)) {
      expect(answer).toMatchObject({
        status: 200,
        body: { state: 'Completed', run: { kind: 'migrate', state: 'succeeded' } },
      });
    }
  });

  it('is closed when the run has failed, and says what became of it', async () => {
    await world.customers.addTemplate('divide', 'db', 'SELECT 1/0');
    await world.customers.addApi('divide');
    await world.customers.accept('/migrations', { id: 'doomed' });
    const bindings = [{ template: 'divide', fields: {} }];
    await world.customers.accept('/migrations/doomed/add_api', { id: 'divide', bindings });
    await world.customers.accept('/migrations/doomed/sync');
    const waiting = otherGateway().get('/migrations/doomed/gate?wait=120');
    await world.migrate('doomed');
    expect(await waiting).toMatchObject({
      status: 409,
      body: { code: 'GATE_CLOSED', state: 'Failed', run: { kind: 'migrate', state: 'failed' } },
    });
    expect(await client.get('/migrations/nowhere/gate?wait=120')).toMatchObject({
      status: 404,
      body: { code: 'MIGRATION_NOT_FOUND' },
    });
    expect(await client.get('/migrations/doomed/gate?wait=301')).toMatchObject({ status: 400 });
  });

  it('opens for a ticket, which is good for this gate alone', async () => {
    await world.prepare(['ticketed', 'another']);
    const { data } = await world.customers.accept<{ data: HookIdentity }>('/iam/hooks', { id: 'ticketing' });
    const call = sign(data, { migration: 'ticketed', action: 'sync' });
    const { body } = await callHook(gatewayUrl(0), data.uuid, call);
    const ticket = new URL(body.data.gate).searchParams.get('ticket') ?? '';
    const anybody = cluster.client.at(gatewayUrl(1));
    const ask = (path: string) => anybody.get(`${path}${path.includes('?') ? '&' : '?'}ticket=${ticket}`);
    expect(await ask('/migrations/ticketed/gate?for=synced&wait=60')).toMatchObject({ status: 200 });
    expect(await ask('/migrations/another/gate')).toMatchObject({ status: 401 });
    expect(await ask('/migrations/ticketed')).toMatchObject({ status: 401 });
    expect(await anybody.withToken(ticket).get('/migrations/ticketed')).toMatchObject({ status: 401 });
    expect(await anybody.get(`/migrations/ticketed/gate?ticket=${client.token}`)).toMatchObject({ status: 401 });
    expect(await anybody.get(`/migrations/ticketed/gate?ticket=${ticket.slice(0, -2)}`)).toMatchObject({ status: 401 });
    expect(await anybody.get('/migrations/ticketed/gate')).toMatchObject({ status: 401 });
    const { client: stranger } = await cluster.createOrganization();
    expect(await stranger.get('/migrations/ticketed/gate')).toMatchObject({ status: 404 });
  });

  it('forgets who has left, and tells those who wait at a gateway that drains to ask another one', async () => {
    await world.prepare(['idle']);
    const gateway = await cluster.addGateway();
    const leaving = new AbortController();
    const url = `${gateway.url}/api/v1/migrations/idle/gate?wait=300`;
    const headers = { authorization: `Bearer ${client.token}` };
    const left = fetch(url, { headers, signal: leaving.signal }).catch((error: unknown) => String(error));
    const waiting = client.at(gateway.url).get('/migrations/idle/gate?wait=300');
    await eventually(async () => expect(await activeAt(gateway)).toBe(3));
    leaving.abort();
    expect(await left).toMatch(/Abort/);
    await eventually(async () => expect(await activeAt(gateway)).toBe(2));
    const stopped = gateway.stop();
    expect(await waiting).toMatchObject({ status: 202, body: { state: 'Pending' } });
    await stopped;
  });
});
