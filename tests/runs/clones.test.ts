import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { updateEndpoint } from '@eden/coordinator';
import type { PostgresServer } from '@eden/testkit';
import { atEndOfFile, testSandbox, withClient } from '@eden/testkit';
import { RunWorld } from './run-world.js';

/** An address that leads to one server after the other, as a name does that is given to another machine. */
class MovingAddress {
  private readonly sockets = new Set<Socket>();
  private readonly server = createServer((client) => {
    const upstream = connect(this.to.port, this.to.host);
    for (const socket of [client, upstream]) this.sockets.add(socket.once('close', () => this.sockets.delete(socket)));
    pipeline(client, upstream, client, () => undefined);
  });

  private constructor(private to: PostgresServer) {}

  static async of(server: PostgresServer): Promise<MovingAddress> {
    const address = new MovingAddress(server);
    await once(address.server.listen(0, '127.0.0.1'), 'listening');
    atEndOfFile(async () => {
      address.moveTo(server);
      await once(address.server.close(), 'close');
    });
    return address;
  }

  url(database: string): string {
    const url = new URL(this.to.url(database));
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** What was connected is cut off. */
  moveTo(server: PostgresServer): void {
    this.to = server;
    for (const socket of this.sockets) socket.destroy();
  }
}

// Protocol: I31
describe('a base backup of a target', () => {
  let original: PostgresServer;
  let clone: PostgresServer;
  let address: MovingAddress;
  let world: RunWorld;

  beforeAll(async () => {
    original = await (await testSandbox()).startPostgres({ name: 'target-original', durable: false });
    await run(original, 'CREATE TABLE t (api text)');
    clone = await original.clone('target-clone');
    address = await MovingAddress.of(original);
    world = await RunWorld.create();
    await lead('db-0', original.url());
    await lead('db-1', address.url('postgres'));
  });

  beforeEach(() => address.moveTo(original));

  afterAll(async () => {
    await world.close();
  });

  async function lead(endpoint: string, url: string): Promise<void> {
    await updateEndpoint(world.deps, world.subject, endpoint, { config: { url } });
  }

  function run(server: PostgresServer, sql: string): Promise<readonly unknown[]> {
    return withClient(server.url(), async (client) =>
      (await client.query({ text: sql, rowMode: 'array' })).rows.flat(),
    );
  }

  const steps = (id: string) =>
    ([0, 1] as const).map((database) => ({ database, query: `INSERT INTO t VALUES ('${id}-${database}')` }));

  async function rows(): Promise<readonly unknown[]> {
    return Promise.all([original, clone].map((server) => run(server, 'SELECT api FROM t ORDER BY api')));
  }

  it('is not seen where two addresses lead to the original: both APIs change it', async () => {
    await world.migration('one', steps('one'));
    expect((await world.finish(await world.request('one'))).state).toBe('succeeded');
    expect(await rows()).toEqual([['one-0', 'one-1'], []]);
  });

  it('with an endpoint on each is refused at sync, which says that these are two databases', async () => {
    address.moveTo(clone);
    const before = await rows();
    await expect(world.migration('two', steps('two'))).rejects.toThrow(
      /ATOMICITY_REFUSED.*Endpoints db-\d and db-\d lead to two databases, one of which is a copy/,
    );
    expect(await rows()).toEqual(before);
  });

  it('that is a standby of the original is a replica and no other database', async () => {
    address.moveTo(await original.cloneAsStandby('target-standby'));
    await world.migration('three', steps('three'));
    expect((await world.finish(await world.request('three'))).state).toBe('succeeded');
    expect(await rows()).toEqual([['one-0', 'one-1', 'three-0', 'three-1'], []]);
  });

  it('that takes the address of its original after the sync is refused in the run, and nothing has changed', async () => {
    await world.migration('moved', steps('moved'));
    const before = await rows();
    address.moveTo(clone);
    const ended = await world.finish(await world.request('moved'));
    expect(ended.state).toBe('failed');
    expect(JSON.stringify(ended.error)).toMatch(/ATOMICITY_REFUSED.*lead to two databases/);
    expect(await rows()).toEqual(before);
    expect(await run(original, 'SELECT gid FROM pg_prepared_xacts')).toEqual([]);
  });
});
