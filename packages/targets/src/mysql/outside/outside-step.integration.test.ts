import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutsideSession, OutsideWork } from '@eden/domain';
import {
  createMariaDbDatabase,
  eventually,
  hasMariaDb,
  startMariaDb,
  startTcpProxy,
  withMariaDb,
  type MariaDbDatabase,
} from '@eden/testkit';
import { endpointAt, newUuid, rejection, sql } from '../../testing/fixtures.js';
import { mysqlAdapter } from '../../testing/mysql-target.js';
import { stepLock } from '../names.js';
import { literal } from '../sql.js';

const describeMariaDb = hasMariaDb() ? describe : describe.skip;
const adapter = mysqlAdapter();

const ADD = sql('ALTER TABLE item ADD INDEX (n)');
const WAITING = "SELECT ID FROM information_schema.PROCESSLIST WHERE STATE LIKE '%metadata lock%' AND DB = DATABASE()";
const FILL = sql('SET @n = 7; INSERT INTO item (n) VALUES (@n)');

describeMariaDb('a step outside the transaction on MariaDB', () => {
  let database: MariaDbDatabase;
  let runUuid = newUuid();

  beforeAll(async () => {
    database = await createMariaDbDatabase(await startMariaDb());
  });

  beforeEach(async () => {
    runUuid = newUuid();
    for (const table of ['item', 'other', 'made']) await query(`DROP TABLE IF EXISTS ${table}`);
    await query('CREATE TABLE item (id int PRIMARY KEY AUTO_INCREMENT, n int)');
  });

  function query<Row>(text: string): Promise<readonly Row[]> {
    return withMariaDb(database.server, (ask) => ask<Row>(text), database.name);
  }

  async function at(
    epoch: number,
    what: 'carryOut' | 'compensate',
    work: Partial<OutsideWork> = { statements: [ADD] },
    url = database.url,
  ): Promise<void> {
    const whole = { statements: [], undo: null, record: [], unrecord: [], ...work };
    const run = { runUuid, migrationUuid: newUuid(), apiUuid: newUuid() };
    const spec = { ...run, epoch, number: 0, work: whole, onBlocked: () => undefined };
    const endpoint = endpointAt('', { kind: 'MySQL', config: { url } });
    const session: OutsideSession = await adapter.openOutside(endpoint, spec);
    await session[what]().finally(() => session.close());
  }

  async function indexes(): Promise<number> {
    return (await query("SHOW INDEX FROM item WHERE Key_name <> 'PRIMARY'")).length;
  }

  async function values(): Promise<readonly number[]> {
    return (await query<{ n: number }>('SELECT n FROM item ORDER BY id')).map(({ n }) => n);
  }

  async function tables(): Promise<readonly string[]> {
    const sqlText = `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name NOT LIKE '\\_eden\\_%' ORDER BY 1`;
    return (await query<{ name: string }>(sqlText)).map(({ name }) => name);
  }

  /** Somebody reads the table, so that a change of it waits. */
  async function whileRead(work: () => Promise<void>): Promise<void> {
    await withMariaDb(
      database.server,
      async (ask) => {
        await ask('START TRANSACTION');
        await ask('SELECT * FROM item');
        await work();
        await ask('COMMIT');
      },
      database.name,
    );
  }

  function isWaiting(): Promise<unknown> {
    return eventually(async () => expect(await query(WAITING)).toHaveLength(1));
  }

  function urlBy(port: number): string {
    return Object.assign(new URL(database.url), { hostname: '127.0.0.1', port: String(port) }).href;
  }

  // Protocol: I35
  it('is done once, whoever comes again', async () => {
    const statements = [ADD, FILL];
    await at(1, 'carryOut', { statements });
    await at(2, 'carryOut', { statements });
    expect([await indexes(), await values()]).toEqual([1, [7]]);
  });

  // Protocol: I35
  it('whose change was made while nobody heard of it is not made again, although it could be', async () => {
    const network = await startTcpProxy(Number(new URL(database.url).port));
    let lost: Promise<unknown> = Promise.resolve();
    await whileRead(async () => {
      lost = rejection(at(1, 'carryOut', { statements: [ADD, FILL] }, urlBy(network.port)));
      await isWaiting();
      network.pause();
    });
    await eventually(async () => expect(await indexes()).toBe(1));
    await at(2, 'carryOut', { statements: [ADD, FILL] });
    expect([await indexes(), await values()]).toEqual([1, [7]]);
    network.resume();
    await lost;
    expect(await values()).toEqual([7]);
  });

  // Protocol: I35
  it('whose worker has died before it was made is ended, and made', async () => {
    const network = await startTcpProxy(Number(new URL(database.url).port));
    let lost: Promise<unknown> = Promise.resolve();
    let second: Promise<void> = Promise.resolve();
    await whileRead(async () => {
      lost = rejection(at(1, 'carryOut', { statements: [ADD] }, urlBy(network.port)));
      await isWaiting();
      network.pause();
      expect(await rejection(at(0, 'carryOut'))).toMatchObject({ code: 'FENCED' });
      second = at(2, 'carryOut');
      await eventually(async () =>
        expect(await query(`SELECT number FROM _eden_step WHERE epoch = 2 AND run_uuid = '${runUuid}'`)).toHaveLength(
          1,
        ),
      );
      await isWaiting();
    });
    await second;
    expect(await indexes()).toBe(1);
    network.resume();
    await lost;
  });

  // Protocol: I35
  it('is taken back when nobody has heard that it was made, behind its settings, and to the end of its rollback', async () => {
    const statements = [sql('SET @n = 7; CREATE TABLE made (id int); ALTER TABLE item ADD INDEX by_n (n)')];
    const undo = [sql('DROP TABLE made'), sql('INSERT INTO other VALUES (1)')];
    await at(1, 'carryOut', { statements: [] });
    const digest = { 1: [null] };
    await query(
      `UPDATE _eden_step SET state = 'doing', note = '${JSON.stringify(digest)}' WHERE run_uuid = '${runUuid}'`,
    );
    await query('CREATE TABLE made (id int)');
    expect(await rejection(at(2, 'compensate', { statements, undo }))).toMatchObject({ context: { errno: 1146 } });
    expect(await tables()).toEqual(['item']);
    await query('CREATE TABLE other (id int)');
    await at(3, 'compensate', { statements, undo });
    expect(await query('SELECT id FROM other')).toEqual([{ id: 1 }]);
  });

  // Protocol: I35
  it('is taken back by its rollback, also from the middle, and not done by a late try', async () => {
    const statements = [
      sql('CREATE TABLE made (id int); INSERT INTO item (n) VALUES (1)'),
      sql('INSERT INTO absent VALUES (1)'),
    ];
    const undo = [sql('DELETE FROM item; ALTER TABLE item DROP COLUMN never; DROP TABLE made')];
    expect(await rejection(at(1, 'carryOut', { statements, undo }))).toMatchObject({ context: { errno: 1146 } });
    expect([await tables(), await values()]).toEqual([['item', 'made'], [1]]);
    await at(2, 'compensate', { statements, undo });
    await at(3, 'compensate', { statements, undo });
    expect([await tables(), await values()]).toEqual([['item'], []]);
    expect(await rejection(at(2, 'carryOut', { statements, undo }))).toMatchObject({
      code: 'FENCED',
      context: { newer_epoch: 3 },
    });
    expect(JSON.stringify(await rejection(at(3, 'carryOut', { statements, undo })))).toContain('taken back already');
  });

  it('does not take half of a change for all of it', async () => {
    const statements = [sql('ALTER TABLE item ADD COLUMN a int'), sql('ALTER TABLE item ADD COLUMN n int')];
    const undo = [sql('ALTER TABLE item DROP COLUMN b, DROP COLUMN a')];
    expect(await rejection(at(1, 'carryOut', { statements, undo }))).toMatchObject({ context: { errno: 1060 } });
    expect(await rejection(at(2, 'compensate', { statements, undo }))).toMatchObject({ context: { errno: 1091 } });
  });

  it('that was refused leaves nothing to take back', async () => {
    const work = { statements: [sql('CREATE TABLE item (id int)')], undo: [sql('DROP TABLE item')] };
    expect(await rejection(at(1, 'carryOut', work))).toMatchObject({ context: { errno: 1050 } });
    await at(2, 'compensate', work);
    expect(await tables()).toEqual(['item']);
  });

  it.each(['CREATE TABLE item (id int)', 'CREATE TABLE IF NOT EXISTS item (id int); SELECT absent'])(
    'drops what it has made, and not what was there: %s',
    async (second) => {
      const statements = [sql('CREATE TABLE made (id int)'), sql(second)];
      const undo = [sql('DROP TABLE item; DROP TABLE made')];
      await rejection(at(1, 'carryOut', { statements, undo }));
      await at(2, 'compensate', { statements, undo });
      expect(await tables()).toEqual(['item']);
    },
  );

  /** A worker dies of its session, before the server has begun what it was told. */
  async function dieWaiting(work: Partial<OutsideWork>): Promise<void> {
    await whileRead(async () => {
      const dying = rejection(at(1, 'carryOut', work));
      await isWaiting();
      const [waiting] = await query<{ ID: number }>(WAITING);
      await query(`KILL CONNECTION ${waiting?.ID}`);
      expect(await dying).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    });
  }

  // Protocol: I35
  it('goes on with tables of which some are dropped', async () => {
    await query('CREATE TABLE other (id int)');
    const work = { statements: [sql('DROP TABLE item, other')] };
    await dieWaiting(work);
    await query('DROP TABLE item');
    await at(2, 'carryOut', work);
    expect(await tables()).toEqual([]);
  });

  it('drops no table that somebody has made since', async () => {
    const work = { statements: [sql('DROP TABLE item')] };
    await dieWaiting(work);
    await query('CREATE OR REPLACE TABLE item (id int)');
    expect(JSON.stringify((await rejection(at(2, 'carryOut', work))) as object)).toContain('is another one');
    expect(await tables()).toEqual(['item']);
  });

  it('finds its table where an older build has made the others', async () => {
    await at(1, 'carryOut', { statements: [] });
    await query('DROP TABLE _eden_step');
    await query('UPDATE _eden_version SET version = 1');
    await at(1, 'carryOut');
    expect(await query('SELECT version FROM _eden_version')).toEqual([{ version: 2 }]);
    expect(await indexes()).toBe(1);
  });

  async function session(epoch: number, target = adapter): Promise<OutsideSession> {
    const work = { statements: [], undo: null, record: [], unrecord: [] };
    const run = { runUuid, migrationUuid: newUuid(), apiUuid: newUuid() };
    const endpoint = endpointAt('', { kind: 'MySQL', config: { url: database.url } });
    return target.openOutside(endpoint, { ...run, epoch, number: 0, work, onBlocked: () => undefined });
  }

  const checkpoint = (batches: number) => ({ after: `k'\\${batches}`, rows: batches, batches, isDone: false });

  it('keeps the place of its batches as it was given, and commits none behind its back', async () => {
    const first = await session(1);
    await first.batches?.begin();
    await first.batches?.run(sql('INSERT INTO item (n) VALUES (1) RETURNING id'), () => checkpoint(1));
    // The row is somebody else's by now, whose session has not ended this one.
    await query('UPDATE _eden_step SET epoch = 2');
    const late = first.batches?.run(sql('INSERT INTO item (n) VALUES (2) RETURNING id'), () => checkpoint(2));
    expect(await rejection(late ?? Promise.resolve())).toMatchObject({ code: 'FENCED' });
    await first.close();
    const second = await session(2);
    expect(await second.batches?.begin()).toEqual(checkpoint(1));
    await second.close();
    expect(await values()).toEqual([1]);
  });

  it('is not ended by the server while its batches wait', async () => {
    const step = await session(1, mysqlAdapter({ idleInTransactionMs: 300 }));
    await step.batches?.begin();
    const lock = literal(stepLock({ runUuid, number: 0 }, database.name));
    const latest = async (): Promise<number> => {
      const sql = `SELECT QUERY_ID AS latest FROM information_schema.PROCESSLIST WHERE ID = IS_USED_LOCK(${lock})`;
      return Number((await query<{ latest: number }>(sql))[0]?.latest);
    };
    const entered = await latest();
    await eventually(async () => expect(await latest()).toBeGreaterThan(entered));
    await step.close();
  });

  it('refuses a batch that would commit by itself, or ends its transaction', async () => {
    await query('CREATE OR REPLACE PROCEDURE ends() BEGIN INSERT INTO item (n) VALUES (1); COMMIT; END');
    const step = await session(1);
    await step.batches?.begin();
    for (const text of ['CREATE TABLE made (id int)', 'COMMIT', 'CALL ends()']) {
      const refused = step.batches?.run(sql(text), () => checkpoint(1)) ?? Promise.resolve();
      expect(await rejection(refused)).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED', retryable: false });
    }
    expect(await step.batches?.begin()).toMatchObject({ after: null, batches: 0 });
    await step.close();
  });

  it('is told of no session where the account may not see them', async () => {
    await withMariaDb(database.server, (ask) => ask(`REVOKE PROCESS ON *.* FROM ${database.username}@'%'`));
    const step = await session(1);
    await step.batches?.begin();
    expect(await step.batches?.pressure()).toMatchObject({
      ...{ replicaLagMs: null, activeSessions: null },
      untold: expect.stringContaining('GRANT PROCESS'),
    });
    await step.close();
    await withMariaDb(database.server, (ask) => ask(`GRANT PROCESS ON *.* TO ${database.username}@'%'`));
  });
});
