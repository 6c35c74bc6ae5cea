import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createDatabase, startTcpProxy, testServers, withClient, type TcpProxy, type TestDatabase } from './index.js';

const [target] = testServers().targets;
let database: TestDatabase;
let proxy: TcpProxy;
let client: pg.Client;

async function connect(): Promise<pg.Client> {
  const url = new URL(database.url);
  url.port = String(proxy.port);
  const connected = new pg.Client({ connectionString: url.href });
  connected.on('error', () => undefined);
  await connected.connect();
  return connected;
}

beforeEach(async () => {
  database = await createDatabase(target);
  proxy = await startTcpProxy(target.port);
  client = await connect();
});

afterEach(async () => {
  await client.end();
});

describe('a TCP proxy', () => {
  it('loses a reply whose request was carried out', async () => {
    await client.query('CREATE TABLE t (id int)');
    await client.query('BEGIN');
    await client.query('INSERT INTO t VALUES (1)');
    const dropped = proxy.dropReply((reply) => reply.includes('COMMIT'));
    await expect(client.query('COMMIT')).rejects.toThrow(/ECONNRESET|terminated/);
    await dropped;
    const count = await withClient(database.url, (direct) => direct.query('SELECT FROM t'));
    expect(count.rowCount).toBe(1);
    client = await connect();
    expect((await client.query('SELECT FROM t')).rowCount).toBe(1);
  });

  it('lets nothing through while it is paused, and delivers it afterwards', async () => {
    proxy.pause();
    let answered = false;
    const answer = client.query('SELECT 1 AS one').finally(() => (answered = true));
    const waiting = connect();
    // A round trip beside the proxy: time enough for an answer, if there could be one.
    await withClient(database.url, (direct) => direct.query('SELECT 1'));
    expect(answered).toBe(false);
    proxy.resume();
    expect((await answer).rows).toEqual([{ one: 1 }]);
    await (await waiting).end();
  });

  it('cuts what is connected and lets others connect', async () => {
    const broken = client.query('SELECT pg_sleep(60)');
    proxy.cut();
    await expect(broken).rejects.toThrow();
    client = await connect();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('refuses connections once it is stopped', async () => {
    await proxy.stop();
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
