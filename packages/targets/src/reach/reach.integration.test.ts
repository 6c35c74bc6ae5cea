import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createControlDatabase as connectControlDatabase, type ControlDatabase } from '@eden/database';
import type { Endpoint } from '@eden/domain';
import {
  atEndOfFile,
  createControlDatabase,
  createDatabase,
  startTcpProxy,
  testServers,
  withClient,
  type TestDatabase,
} from '@eden/testkit';
import { createTargets, type ReachOptions } from '../index.js';
import { PATIENT, REACH, endpointAt, newUuid, rejection } from '../testing/fixtures.js';

/** Of a tenant, on the control database's server and on a target. */
const ROLE = { username: `tenant_${randomBytes(6).toString('hex')}`, password: 'known to the tenant' };

let controlDatabase: TestDatabase;
/** Another database of the control database's server. */
let neighbour: TestDatabase;
let target: TestDatabase;
let control: ControlDatabase;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  const { control: server, targets } = testServers();
  controlDatabase = await createControlDatabase();
  neighbour = await createDatabase(server);
  target = await createDatabase(targets[0]);
  control = connect(controlDatabase.url);
  atEndOfFile(() => control.close());
  for (const { url } of [controlDatabase, target]) {
    await query(url, `CREATE ROLE ${ROLE.username} LOGIN PASSWORD '${ROLE.password}'`);
    atEndOfFile(() => query(url, `DROP ROLE ${ROLE.username}`));
  }
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

function query(url: string, text: string) {
  return withClient(url, (client) => client.query(text));
}

function connect(url: string): ControlDatabase {
  return connectControlDatabase({ url, encryptionKeys: [Buffer.alloc(32)] });
}

function adapterWith(reach: Partial<ReachOptions>) {
  const targets = createTargets({
    postgres: PATIENT,
    reach: { ...REACH, controlServer: control.server, ...reach },
  });
  open.push(targets);
  return targets.adapter('Postgres');
}

/** With a role of the tenant's own, as somebody would use whom the server lets in. */
function endpointTo(host: string, port: number, database: string): Endpoint {
  return endpointAt('', { config: { host, port, database, ...ROLE } });
}

/** Every way in which an adapter opens sessions. */
async function refusalsOf(adapter: ReturnType<typeof adapterWith>, endpoint: Endpoint): Promise<unknown[]> {
  const ways = [
    () => adapter.inspect(endpoint),
    () => adapter.identify(endpoint),
    () => adapter.install(endpoint, newUuid()),
    () => adapter.openSettlement(endpoint),
  ];
  return Promise.all(ways.map((way) => rejection(way())));
}

function notAllowed(reason: string, setting: string | null = null) {
  const context = expect.objectContaining({ endpoint_id: 'customers_db', reason, setting }) as object;
  return expect.objectContaining({ code: 'ENDPOINT_NOT_ALLOWED', context }) as object;
}

/** A listener that counts who comes, and answers nothing. */
async function startListener() {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEndOfFile(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return { port: (server.address() as AddressInfo).port, sockets, server };
}

/** Another way to a server of this machine. */
async function forward(from: { readonly host: string; readonly port: number }, to: number): Promise<void> {
  const server = createServer((client) => {
    const behind = createConnection(to, '127.0.0.1');
    client.pipe(behind).pipe(client);
    client.on('error', () => behind.destroy());
    behind.on('error', () => client.destroy());
  });
  server.listen(from.port, from.host);
  await once(server, 'listening');
  atEndOfFile(async () => void server.close());
}

const SPELLINGS = [
  'localhost',
  '127.0.0.1',
  '127.1',
  '127.0.0.2',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
];

describe("an endpoint at the control database's address", () => {
  it.each(SPELLINGS)('is refused as %s, also in another database, before anything is sent', async (host) => {
    const listener = await startListener();
    const ownServers = [{ name: 'control database' as const, host: 'localhost', port: listener.port }];
    const adapter = adapterWith({ ownServers });
    const refusals = await refusalsOf(adapter, endpointTo(host, listener.port, 'whichever'));
    expect(refusals).toEqual(refusals.map(() => notAllowed('control_server', 'ENDPOINT_ALLOW_CONTROL_SERVER')));
    expect(listener.sockets).toEqual([]);
  });

  it('is refused as the path of a socket', async () => {
    const refusals = await refusalsOf(adapterWith({}), endpointTo('/var/run/postgresql', 5432, 'eden'));
    expect(refusals).toEqual(refusals.map(() => notAllowed('unix_socket')));
    expect(() => adapterWith({}).parseConfig({ host: '/tmp', database: 'eden', username: 'eden' })).toThrow(
      'Endpoint is not allowed',
    );
  });
});

describe('an endpoint that leads to the control database by an address of its own', () => {
  it.each(['localhost', '127.0.0.1', '2130706433', '::ffff:127.0.0.1'])('is found there as %s', async (host) => {
    const { port } = await startTcpProxy(controlDatabase.server.port);
    const adapter = adapterWith({});
    const home = await refusalsOf(adapter, endpointTo(host, port, controlDatabase.name));
    expect(home).toEqual(home.map(() => notAllowed('control_server')));
    const beside = await refusalsOf(adapter, endpointTo(host, port, neighbour.name));
    expect(beside).toEqual(beside.map(() => notAllowed('control_server', 'ENDPOINT_ALLOW_CONTROL_SERVER')));
  });

  it('may reach another database there when the setting says so, and never the control database', async () => {
    const { server, name } = controlDatabase;
    const ownServers = [{ name: 'control database' as const, host: server.host, port: server.port }];
    const adapter = adapterWith({ allowControlServer: true, ownServers });
    await expect(adapter.inspect(endpointTo(server.host, server.port, neighbour.name))).resolves.toBeDefined();
    const home = await refusalsOf(adapter, endpointTo(server.host, server.port, name));
    expect(home).toEqual(home.map(() => notAllowed('control_server')));
  });

  it('is found on a copy or standby, where the lock cannot be seen', async () => {
    const controlServer = { ...control.server, findAdvisoryLock: () => Promise.resolve(null) };
    const adapter = adapterWith({ controlServer });
    const { host, port } = controlDatabase.server;
    expect(await rejection(adapter.inspect(endpointTo(host, port, controlDatabase.name)))).toEqual(
      notAllowed('control_server'),
    );
    expect(await rejection(adapter.inspect(endpointTo(host, port, neighbour.name)))).toEqual(
      notAllowed('control_server', 'ENDPOINT_ALLOW_CONTROL_SERVER'),
    );
  });

  it('holds no lock and no transaction when it has been let in', async () => {
    const adapter = adapterWith({});
    const settlement = await adapter.openSettlement(endpointAt(target.url));
    const here = 'datname = current_database()';
    const sessions = await query(
      target.url,
      `SELECT state FROM pg_stat_activity WHERE ${here} AND pid <> pg_backend_pid()`,
    );
    expect(sessions.rows).toEqual([{ state: 'idle' }]);
    const locks = `FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE locktype = 'advisory'`;
    expect((await query(target.url, `SELECT ${locks} AND ${here}`)).rowCount).toBe(0);
    await settlement.close();
  });

  it('cannot be told while the control database is away: only addresses that were let in before are', async () => {
    const proxy = await startTcpProxy(controlDatabase.server.port);
    const away = connect(controlDatabase.url.replace(`:${controlDatabase.server.port}/`, `:${proxy.port}/`));
    open.push(away);
    const adapter = adapterWith({ controlServer: away.server });
    const known = endpointAt(target.url);
    await (await adapter.openSettlement(known)).close();
    await proxy.stop();
    await (await adapter.openSettlement(known)).close();
    expect(await rejection(adapter.openSettlement(endpointAt(target.url)))).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
      context: { details: 'the control database is away, which has to show that the endpoint does not lead to it' },
    });
    expect(await rejection(adapter.openSettlement({ ...known, version: 2 }))).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
    });
  });
});

describe('an endpoint that leads elsewhere', () => {
  it.each(SPELLINGS)('is never Redis, as %s', async (host) => {
    const { port, sockets } = await startListener();
    const adapter = adapterWith({ ownServers: [{ name: 'Redis', host: '127.0.0.1', port }] });
    const refusals = await refusalsOf(adapter, endpointTo(host, port, 'x'));
    expect(refusals).toEqual(refusals.map(() => notAllowed('own_server')));
    expect(sockets).toEqual([]);
  });

  it.each(SPELLINGS)('is not on this machine as %s unless that is allowed', async (host) => {
    const { port, sockets } = await startListener();
    const adapter = adapterWith({ allowLoopback: false });
    const refusals = await refusalsOf(adapter, endpointTo(host, port, 'x'));
    expect(refusals).toEqual(refusals.map(() => notAllowed('loopback', 'ENDPOINT_ALLOW_LOOPBACK')));
    expect(sockets).toEqual([]);
  });

  it.each(SPELLINGS)('is refused as %s when it is registered', (host) => {
    const adapter = adapterWith({ allowLoopback: false });
    expect(() => adapter.parseConfig({ host, database: 'shop', username: 'shop' })).toThrow(
      expect.objectContaining({ code: 'ENDPOINT_NOT_ALLOWED' }),
    );
  });

  it.each(['169.254.169.254', '2852039166', '0xa9fea9fe', '[fe80::1]', '100.100.100.200', '0', '0.0.0.0', '[::]'])(
    'is refused at %s, whatever the settings',
    (host) => {
      expect(() => adapterWith({}).parseConfig({ url: `postgresql://shop@${host}/shop` })).toThrow(
        'Endpoint is not allowed',
      );
    },
  );

  it('waits when the name of Redis has never been resolved', async () => {
    const resolve = (host: string) =>
      host === 'redis.invalid'
        ? Promise.reject(new Error('no answer'))
        : Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const adapter = adapterWith({ ownServers: [{ name: 'Redis', host: 'redis.invalid', port: 6379 }], resolve });
    expect(await rejection(adapter.inspect(endpointAt(target.url)))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});

describe('the name of an endpoint', () => {
  /** A resolver whose answers are set by the test, one for each question. */
  function answering(...answers: string[][]) {
    const asked: string[] = [];
    const resolve = (host: string) => {
      asked.push(host);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return Promise.resolve((answer ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
    };
    return { asked, resolve };
  }

  function endpointByName(): Endpoint {
    const { username, password, port } = target.server;
    return endpointAt('', {
      config: { host: 'db.tenant.example', port, database: target.name, username, password },
    });
  }

  it('is resolved once for each connection, and what was checked is what is connected to', async () => {
    // Whoever asked a second time would be led to the metadata address.
    const { asked, resolve } = answering(['127.0.0.1'], ['169.254.169.254']);
    const adapter = adapterWith({ resolve });
    await (await adapter.openSettlement(endpointByName())).close();
    expect(asked).toEqual(['db.tenant.example']);
  });

  it('is checked again by the next connection', async () => {
    const adapter = adapterWith({ resolve: answering(['127.0.0.1'], ['169.254.169.254']).resolve });
    const endpoint = endpointByName();
    await (await adapter.openSettlement(endpoint)).close();
    expect(await rejection(adapter.openSettlement(endpoint))).toEqual(notAllowed('link_local'));
  });

  it('that changes to the control database is found by its new address', async () => {
    const { port } = await startTcpProxy(target.server.port);
    const adapter = adapterWith({ resolve: answering(['127.0.0.1'], ['127.0.0.2']).resolve });
    const endpoint = endpointTo('db.tenant.example', port, 'postgres');
    await (await adapter.openSettlement(endpoint)).close();
    await forward({ host: '127.0.0.2', port }, controlDatabase.server.port);
    expect(await rejection(adapter.openSettlement(endpoint))).toEqual(
      notAllowed('control_server', 'ENDPOINT_ALLOW_CONTROL_SERVER'),
    );
  });

  it('is what TLS asks for', async () => {
    const { port, server } = await startListener();
    const hello = new Promise<string>((resolve) => {
      server.once('connection', (socket: Socket) => {
        socket.once('data', () => {
          socket.write('S');
          socket.once('data', (data) => {
            resolve(data.toString('latin1'));
            socket.destroy();
          });
        });
      });
    });
    const adapter = adapterWith({ resolve: answering(['127.0.0.1']).resolve });
    const endpoint = endpointByName();
    const config = { ...endpoint.config, port, ssl_mode: 'verify-full' };
    expect(await rejection(adapter.openSettlement({ ...endpoint, config }))).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
    });
    expect(await hello).toContain('db.tenant.example');
  });

  it('leads to the allowed ones of its addresses', async () => {
    const adapter = adapterWith({ resolve: answering(['169.254.169.254', '127.0.0.1']).resolve });
    await (await adapter.openSettlement(endpointByName())).close();
  });
});
