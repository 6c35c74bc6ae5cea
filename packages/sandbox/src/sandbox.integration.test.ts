import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Sandbox, type PostgresServer, type RedisServer } from './index.js';

let directory: string;
let sandbox: Sandbox;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'eden-sandbox-test-'));
  sandbox = await Sandbox.create(directory);
});

afterAll(async () => {
  await sandbox.stop();
  await rm(directory, { recursive: true });
});

async function query(url: string, ...statements: string[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  // A server that is taken down says so on the idle connection.
  client.on('error', () => undefined);
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const statement of statements) rows = (await client.query({ text: statement, rowMode: 'array' })).rows.flat();
    return rows;
  } finally {
    await client.end();
  }
}

/** One inline command and the raw reply. */
async function askRedis(port: number, command: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${command}\r\n`);
  const [reply] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return reply.toString();
}

describe('a PostgreSQL of its own', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await sandbox.startPostgres({ name: 'postgres', settings: { work_mem: '5MB' }, durable: false });
  });

  it('is configured by its defaults and by the caller', async () => {
    expect(await query(server.url(), 'SHOW max_prepared_transactions')).toEqual(['64']);
    expect(await query(server.url(), 'SHOW fsync')).toEqual(['off']);
    expect(await query(server.url(), 'SHOW work_mem')).toEqual(['5MB']);
    expect(await query(server.url(), 'SHOW server_encoding')).toEqual(['UTF8']);
  });

  it('lets nobody in without the password', async () => {
    const { port, superuser } = server;
    const intruder = `postgresql://${superuser.username}:wrong@127.0.0.1:${port}/postgres`;
    await expect(query(intruder, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('runs under another account than root', async () => {
    const [owner] = await query(server.url(), "SELECT (pg_stat_file('postgresql.conf')).size > 0");
    expect(owner).toBe(true);
    const status = await query(server.url(), "SELECT pg_read_file('/proc/self/status')");
    expect(String(status[0])).not.toMatch(/^Uid:\s+0\s/m);
  });

  it('keeps what was committed and what was prepared over a crash', async () => {
    await query(server.url(), 'CREATE TABLE kept (id int)');
    await query(server.url(), 'BEGIN', 'INSERT INTO kept VALUES (1)', "PREPARE TRANSACTION 'in doubt'");
    const { port, pid } = server;
    await server.crash();
    await expect(query(server.url(), 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(server.port).toBe(port);
    expect(server.pid).not.toBe(pid);
    expect(await query(server.url(), "COMMIT PREPARED 'in doubt'", 'SELECT id FROM kept')).toEqual([1]);
  });

  it('is cloned as it runs, with its system identifier, and each goes on by itself', async () => {
    await query(server.url(), 'CREATE TABLE cloned AS SELECT 1 AS id');
    const clone = await server.clone('clone');
    const identifier = 'SELECT system_identifier FROM pg_control_system()';
    expect(await query(clone.url(), identifier)).toEqual(await query(server.url(), identifier));
    await query(clone.url(), 'INSERT INTO cloned VALUES (2)');
    expect(await query(clone.url(), 'SELECT id FROM cloned')).toEqual([1, 2]);
    expect(await query(server.url(), 'SELECT id FROM cloned')).toEqual([1]);
    await clone.stop();
  });

  it('restarts with other settings', async () => {
    await server.restart({ max_prepared_transactions: '0' });
    expect(await query(server.url(), 'SHOW max_prepared_transactions')).toEqual(['0']);
    expect(await query(server.url(), 'SHOW work_mem')).toEqual(['5MB']);
  });

  it('shows its log when it does not come up', async () => {
    const refused = sandbox.startPostgres({ name: 'misconfigured', settings: { work_mem: 'much' } });
    await expect(refused).rejects.toThrow(
      /misconfigured ended while starting[^]*invalid value for parameter "work_mem"/,
    );
  });
});

describe('a Redis of its own', () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await sandbox.startRedis({ name: 'redis', args: ['--hz', '50'] });
  });

  it('refuses to evict and takes further arguments', async () => {
    expect(await askRedis(server.port, 'CONFIG GET maxmemory-policy')).toContain('noeviction');
    expect(await askRedis(server.port, 'CONFIG GET hz')).toContain('50');
  });

  it('is empty after a restart, on the same port', async () => {
    await askRedis(server.port, 'SET key value');
    const { port, pid } = server;
    await server.restartEmpty();
    expect({ port: server.port, samePid: server.pid === pid }).toEqual({ port, samePid: false });
    expect(await askRedis(port, 'GET key')).toBe('$-1\r\n');
  });

  it('answers a frozen request when it is thawed', async () => {
    server.freeze();
    let answered = false;
    const answer = askRedis(server.port, 'PING').finally(() => (answered = true));
    // A round trip to another server: time enough for an answer, if there could be one.
    const other = await sandbox.startRedis({ name: 'other' });
    await askRedis(other.port, 'PING');
    expect(answered).toBe(false);
    server.thaw();
    expect(await answer).toBe('+PONG\r\n');
  });

  it('can be killed', async () => {
    expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' });
    await expect(askRedis(server.port, 'PING')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('two sandboxes in one directory', () => {
  it('run beside each other, and one that stops takes nothing of the other along', async () => {
    const second = await Sandbox.create(directory);
    const [mine, others] = await Promise.all([
      sandbox.startRedis({ name: 'mine' }),
      second.startRedis({ name: 'mine' }),
    ]);
    await second.stop();
    await expect(askRedis(others.port, 'PING')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(await askRedis(mine.port, 'PING')).toBe('+PONG\r\n');
    expect(await readdir(directory)).toHaveLength(1);
  });
});
