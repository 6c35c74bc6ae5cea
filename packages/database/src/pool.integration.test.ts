import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabase, testServers } from '@eden/testkit';
import type pg from 'pg';
import { ControlHosts } from './control-hosts.js';
import { createPool } from './pool.js';

let pool: pg.Pool;

beforeAll(async () => {
  pool = createPool(new ControlHosts((await createDatabase(testServers().control)).url), 1);
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
});

describe('a session', () => {
  it('keeps time in UTC and its statements short', async () => {
    const { rows } = await pool.query(
      `SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS "statementTimeout"`,
    );
    expect(rows).toEqual([{ zone: 'UTC', statementTimeout: '1200ms' }]);
  });
});
