import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, Cluster } from '@eden/testkit';
import { startCluster, testServers } from '@eden/testkit';
import { CustomerWorld } from '../customers/customer-world.js';
import { Pauses } from '../customers/pause.js';

interface RunEvent {
  readonly sequence: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A client of an event stream, as the HTML standard describes it. */
class EventStream {
  readonly seen: RunEvent[] = [];
  private constructor(private readonly reader: ReadableStreamDefaultReader<string>) {}

  static async open(client: ApiClient, run: string, lastEventId?: number): Promise<EventStream> {
    const response = await request(client, run, lastEventId === undefined ? {} : { 'last-event-id': `${lastEventId}` });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    return new EventStream((response.body as ReadableStream).pipeThrough(new TextDecoderStream()).getReader());
  }

  /** Reads until an event of this type was seen, or the stream has ended; answers which. */
  async until(type: string | null): Promise<'seen' | 'ended'> {
    let text = '';
    for (;;) {
      const { done, value } = await this.reader.read();
      if (done) return 'ended';
      text += value;
      const messages = text.split('\n\n');
      text = messages.pop() ?? '';
      this.seen.push(...messages.flatMap(parse));
      if (this.seen.some((event) => event.type === type)) return 'seen';
    }
  }
}

function request(client: ApiClient, run: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(`${client.gatewayUrl}/api/v1/runs/${run}/events`, {
    headers: { authorization: `Bearer ${client.token}`, accept: 'text/event-stream', ...headers },
  });
}

function parse(message: string): RunEvent[] {
  const fields = new Map(message.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]));
  const data = fields.get('data');
  if (data === undefined) return [];
  const event = JSON.parse(data) as RunEvent;
  expect({ id: fields.get('id'), event: fields.get('event') }).toEqual({ id: `${event.sequence}`, event: event.type });
  return [event];
}

describe('the events of a run as a stream', () => {
  let cluster: Cluster;
  let world: CustomerWorld;
  let pauses: Pauses;

  beforeAll(async () => {
    cluster = await startCluster({ gateways: 2, workers: 1 });
    world = await CustomerWorld.create(cluster);
    const { database } = await world.addDatabase(testServers().targets[0], 'db');
    pauses = await Pauses.install(database);
    await world.addTemplate('pause', 'db', 'SELECT pause({{name}})');
  });

  /** A run that pauses, if there is a pause of its name. */
  async function start(id: string): Promise<string> {
    await world.addApi(id);
    await world.accept('/migrations', { id, parameters: { name: id } });
    const bindings = [{ template: 'pause', fields: { name: 'migration.name' } }];
    await world.accept(`/migrations/${id}/add_api`, { id, bindings });
    await world.accept(`/migrations/${id}/sync`);
    const { headers } = await world.client.post(`/migrations/${id}/migrate`, {}, { prefer: 'respond-async' });
    return headers.get('location')?.split('/').at(-1) ?? '';
  }

  async function listed(run: string): Promise<readonly RunEvent[]> {
    return (await world.client.get<{ data: RunEvent[] }>(`/runs/${run}/events`)).body.data;
  }

  it('come while the run goes on, and end with it', async () => {
    await pauses.begin('watched');
    const run = await start('watched');
    const stream = await EventStream.open(world.client, run);
    expect(await stream.until('started')).toBe('seen');
    expect(stream.seen.map(({ type }) => type)).not.toContain('finished');
    await pauses.end('watched');
    expect(await stream.until(null)).toBe('ended');
    expect(stream.seen).toEqual(await listed(run));
    const types = stream.seen.map(({ type }) => type);
    expect(types).toEqual([
      'queued',
      'waiting_for_lock',
      'started',
      'api_finished',
      'deciding',
      'commit_decided',
      'target_committed',
      'finished',
    ]);
    expect(stream.seen[3]?.data).toMatchObject({ api_id: 'watched', state: 'succeeded', rows: 1 });
  });

  it('are told once each to a client that comes back to another gateway', async () => {
    const second = world.client.at(cluster.gateways[1]?.url ?? '');
    const lost = await cluster.addGateway();
    await pauses.begin('moved');
    const run = await start('moved');
    const before = await EventStream.open(world.client.at(lost.url), run);
    await before.until('started');
    await lost.kill();
    await expect(before.until(null)).rejects.toThrow();
    const after = await EventStream.open(second, run, before.seen.at(-1)?.sequence);
    await pauses.end('moved');
    await after.until(null);
    expect([...before.seen, ...after.seen]).toEqual(await listed(run));
  });

  it('are over for a client that knows them all', async () => {
    const run = await start('known');
    const stream = await EventStream.open(world.client, run);
    await stream.until(null);
    const again = await request(world.client, run, { 'last-event-id': `${stream.seen.at(-1)?.sequence}` });
    expect(again.status).toBe(204);
    const bad = await request(world.client, run, { 'last-event-id': 'yesterday' });
    expect([bad.status, await bad.json()]).toEqual([400, expect.objectContaining({ error: 'Validation failed' })]);
  });

  it("are nobody else's", async () => {
    const run = await start('private');
    const { client } = await cluster.createOrganization();
    expect((await request(client, run)).status).toBe(404);
    expect((await request(client.withToken('x'), run)).status).toBe(401);
  });

  it('end when the token is revoked', async () => {
    await pauses.begin('revoked');
    const run = await start('revoked');
    const users = { username: 'reader', password: 'correct horse battery', access_level: 'Read' };
    await world.accept('/iam/users', users);
    const reader = await cluster.client.logIn(world.organization, users.username, users.password);
    const stream = await EventStream.open(reader, run);
    await stream.until('started');
    await reader.post('/auth/logout');
    expect(await stream.until(null)).toBe('ended');
    expect(stream.seen.map(({ type }) => type)).not.toContain('finished');
    await pauses.end('revoked');
  });

  it('keep no gateway from stopping', async () => {
    await pauses.begin('drained');
    const run = await start('drained');
    const gateway = await cluster.addGateway();
    const stream = await EventStream.open(world.client.at(gateway.url), run);
    await stream.until('started');
    await gateway.stop(10_000);
    expect(await stream.until(null)).toBe('ended');
    await pauses.end('drained');
  });
});
