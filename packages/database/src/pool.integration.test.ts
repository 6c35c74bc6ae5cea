import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, startTcpProxy, testServers } from '@eden/testkit';
import type pg from 'pg';
import { ControlHosts } from './control-hosts.js';
import { createPool } from './pool.js';

let url: string;
let pool: pg.Pool;

beforeAll(async () => {
  ({ url } = await createDatabase(testServers().control));
  pool = createPool(new ControlHosts(url), 1);
});

afterAll(() => pool.end());

/** What Node says when nothing has moved on a connection for its time. */
function fallSilent(client: pg.PoolClient): void {
  (client as unknown as { connection: { stream: Socket } }).connection.stream.emit('timeout');
}

describe('a connection that falls silent', () => {
  it('is destroyed while an answer is due, and replaced', async () => {
    const client = await pool.connect();
    const hanging = client.query('SELECT pg_sleep(600)');
    fallSilent(client);
    await expect(hanging).rejects.toThrow('Connection terminated');
    client.release();
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });

  it('is left alone while none is, even if it is used at that very moment', async () => {
    const client = await pool.connect();
    fallSilent(client);
    const answer = client.query('SELECT 1 AS one');
    expect((await answer).rows).toEqual([{ one: 1 }]);
    client.release();
  });

  it('is destroyed while an answer is due, however often it has been silent at rest', async () => {
    const client = await pool.connect();
    fallSilent(client);
    fallSilent(client);
    const hanging = client.query('SELECT pg_sleep(600)').catch((error: unknown) => error);
    fallSilent(client);
    const failure = await hanging;
    client.release();
    expect(String(failure)).toContain('Connection terminated');
  });
});

describe('a pool whose server has stopped answering', () => {
  it('is ended nevertheless', async () => {
    const { port } = new URL(url);
    const proxy = await startTcpProxy(Number(port));
    const ending = createPool(new ControlHosts(url.replace(`:${port}/`, `:${proxy.port}/`)), 1);
    const client = await ending.connect();
    proxy.pause();
    const ended = ending.end();
    client.release();
    await ended;
    expect(ending.totalCount).toBe(0);
  }, 20_000);
});

describe('a session', () => {
  it('keeps time in UTC and its statements short', async () => {
    const { rows } = await pool.query(
      `SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS "statementTimeout"`,
    );
    expect(rows).toEqual([{ zone: 'UTC', statementTimeout: '1200ms' }]);
  });
});
