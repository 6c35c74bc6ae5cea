import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { atEndOfFile, eventually, testSandbox, withClient } from '@eden/testkit';
import type { PostgresServer } from '@eden/sandbox';
import type pg from 'pg';
import { ControlHosts } from './control-hosts.js';
import { deployControlSchema } from './deploy.js';
import { createNotifications, type Notifications } from './listen.js';
import { readPlaces } from './places/adoption.js';
import { createPool } from './pool.js';
import { openControl } from './testing/control.js';

/** Two servers that could be each other's standby; which of them takes writes is a setting, as the sessions see it. */
let servers: readonly [PostgresServer, PostgresServer];
let url: string;
let pool: pg.Pool;
let notifications: Notifications;

beforeAll(async () => {
  const sandbox = await testSandbox();
  const first = await sandbox.startPostgres({ name: 'hosts-first', durable: false });
  const second = await first.clone('hosts-second');
  servers = [first, second];
  await takesWrites(second, false);
  url = severalHosts('read-write');
  const hosts = new ControlHosts(url);
  pool = createPool(hosts, 3);
  notifications = createNotifications(hosts);
});

afterAll(async () => {
  await notifications.close();
  await pool.end();
});

function severalHosts(attrs: string): string {
  const [first, second] = servers;
  const { username, password } = first.superuser;
  return `postgresql://${username}:${password}@127.0.0.1:${first.port},127.0.0.1:${second.port}/postgres?target_session_attrs=${attrs}`;
}

async function takesWrites(server: PostgresServer, does: boolean): Promise<void> {
  await withClient(server.url(), async (client) => {
    await client.query('SET default_transaction_read_only = off');
    await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${does ? 'off' : 'on'}`);
    await client.query('SELECT pg_reload_conf()');
  });
  await eventually(async () => {
    const { rows } = await withClient(server.url(), (client) => client.query('SHOW default_transaction_read_only'));
    expect(rows).toEqual([{ default_transaction_read_only: does ? 'off' : 'on' }]);
  });
}

/** As somebody who knows that it is there. */
async function write(server: PostgresServer, sql: string): Promise<void> {
  await withClient(server.url(), async (client) => {
    await client.query('SET default_transaction_read_only = off');
    await client.query(sql);
  });
}

async function portOf(client: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rows } = await client.query<{ port: number }>('SELECT inet_server_port() AS port');
  return rows[0]?.port ?? 0;
}

// Protocol: I30
describe('a control database of several hosts', () => {
  it('is the one that takes writes, wherever it stands in the list', async () => {
    expect(await portOf(pool)).toBe(servers[0].port);
    const [, second] = servers;
    const { username, password } = servers[0].superuser;
    const turned = `postgresql://${username}:${password}@127.0.0.1:${second.port},127.0.0.1:${servers[0].port}/postgres?target_session_attrs=read-write`;
    const other = createPool(new ControlHosts(turned), 1);
    expect(await portOf(other)).toBe(servers[0].port);
    await other.end();
  });

  it('is left, with all connections and the listening one, when it takes writes no longer', async () => {
    const heard: (string | null)[] = [];
    notifications.on('eden_outbox', (payload) => heard.push(payload));
    await eventually(() => expect(heard).toEqual([null]));
    await pool.query('CREATE TABLE item (id int)');
    const [first, second] = servers;
    await write(second, 'CREATE TABLE item (id int)');
    const idle = await pool.connect();
    idle.release();
    await takesWrites(first, false);
    await takesWrites(second, true);
    await expect(pool.query('INSERT INTO item VALUES (1)')).rejects.toMatchObject({ code: '25006' });
    await eventually(async () => expect(await portOf(pool)).toBe(second.port));
    await pool.query('INSERT INTO item VALUES (2)');
    // Each time that it listens anew it says so; how often it had to is not told.
    await eventually(() => expect(heard.length).toBeGreaterThan(1));
    await eventually(async () => {
      await withClient(second.url(), (client) => client.query("NOTIFY eden_outbox, 'here'"));
      expect(heard).toContain('here');
    });
    expect(new Set(heard)).toEqual(new Set([null, 'here']));
    await eventually(async () => {
      const { rows } = await withClient(first.url(), (client) =>
        client.query("SELECT FROM pg_stat_activity WHERE application_name ~ '^eden-'"),
      );
      expect(rows).toEqual([]);
    });
    await write(first, 'DROP TABLE item');
  });

  it('tells that none of its hosts fits, and finds the one that comes', async () => {
    const [, second] = servers;
    await takesWrites(second, false);
    await expect(pool.query('INSERT INTO item VALUES (3)')).rejects.toMatchObject({ code: '25006' });
    await eventually(() =>
      expect(pool.query('SELECT 1')).rejects.toThrow(/no host of the control database is read-write/),
    );
    await takesWrites(second, true);
    await pool.query('DROP TABLE item');
  });

  it('has a place for each host: as long as one is unknown, nothing works there', async () => {
    const [, second] = servers;
    await deployControlSchema(second.url());
    const control = openControl(url);
    atEndOfFile(() => control.close());
    await expect(control.journal.installation()).rejects.toMatchObject({ context: { unknown_place: true } });
    await withClient(second.url(), (client) => client.query('DELETE FROM places'));
    await deployControlSchema(url);
    expect(await control.journal.installation()).toMatch(/^[a-z0-9]+$/);
    const { here, known, isKnown } = await readPlaces({ url });
    expect([here.length, known.length, isKnown]).toEqual([2, 2, true]);
  });

  it('calls the write that meets a demoted primary an outage, which interrupts', async () => {
    const [first, second] = servers;
    const control = openControl(url);
    atEndOfFile(() => control.close());
    await control.store.check();
    await takesWrites(second, false);
    await expect(control.outbox.claim(1, 1000)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    await takesWrites(first, false);
    await takesWrites(second, true);
    await eventually(async () => expect(await control.outbox.claim(1, 1000)).toEqual([]));
  });
});
