import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { AheadStatement, ParticipantSession, ParticipantSpec, Statement, StatementLimits } from '@eden/domain';
import { startTcpProxy, withClient, type TestDatabase } from '@eden/testkit';
import { WATCHED_LOCK_TIMEOUT_MS, endpointAt, participantSpec, rejection, sql } from '../testing/fixtures.js';
import { closedAfterEach, newInstalledDatabase, postgresAdapter } from '../testing/postgres-target.js';

const adapter = postgresAdapter();
const open = closedAfterEach();
let database: TestDatabase;

beforeAll(async () => {
  database = await newInstalledDatabase(adapter);
  await query(`CREATE FUNCTION say(word text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', word; END $$;
    CREATE FUNCTION refuse() RETURNS void LANGUAGE plpgsql AS $$
      BEGIN RAISE EXCEPTION 'not today' USING DETAIL = 'It is Sunday', HINT = 'Come tomorrow'; END $$`);
});

beforeEach(() => query('DROP TABLE IF EXISTS item; CREATE TABLE item (id int)'));

async function query(text: string): Promise<readonly unknown[]> {
  return withClient(database.url, async (client) => (await client.query(text)).rows);
}

async function begun(change: Partial<ParticipantSpec> = {}, url = database.url): Promise<ParticipantSession> {
  const session = await adapter.openParticipant(endpointAt(url), participantSpec(change));
  open.push(session);
  await session.begin();
  return session;
}

function ahead(statements: readonly Statement[], limits: StatementLimits = {}): readonly AheadStatement[] {
  return statements.map((statement) => ({ statement, limits, begins: () => undefined }));
}

const insert = (id: number): Statement => sql('INSERT INTO item VALUES ($1)', id);

async function idsBy(session: ParticipantSession): Promise<readonly unknown[]> {
  return (await session.run(sql('SELECT id FROM item ORDER BY id'))).rows.map(({ id }) => id);
}

describe('statements that are sent ahead', () => {
  it('are answered in their order, each with what it has done, and leave no savepoint', async () => {
    const session = await begun();
    const several = sql('INSERT INTO item VALUES (3); UPDATE item SET id = id + 10');
    const answers = await session.sendAhead(ahead([insert(1), insert(2), several, sql('SELECT id FROM item')]));
    const results = await Promise.all(answers);
    expect(results.map(({ rowCount }) => rowCount)).toEqual([1, 1, 3, 3]);
    expect(results[3]?.rows).toEqual([{ id: 11 }, { id: 12 }, { id: 13 }]);
    const none = await rejection(session.run(sql('SELECT 1'), {}).then(() => session.rollbackToSavepoint()));
    expect(none).toMatchObject({ context: { sqlstate: '3B001' } });
  });

  it('fail with the place, the detail and the hint of the one that failed, and nothing behind it is done', async () => {
    const session = await begun();
    const failing = sql('SELECT 1;\n  SELECT refuse()');
    const [first, second, ...behind] = await session.sendAhead(ahead([insert(1), failing, insert(2), sql('TABLE no')]));
    expect(await first).toMatchObject({ rowCount: 1 });
    const error = await rejection(second as Promise<unknown>);
    const place = { statement: 2, line: 2, column: 3 };
    const words = { message: 'not today', detail: 'It is Sunday', hint: 'Come tomorrow' };
    expect(error).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED', context: { ...place, ...words } });
    for (const answer of behind) expect(await rejection(answer)).toMatchObject({ context: words });
    await session.rollbackToSavepoint();
    expect(await idsBy(session)).toEqual([1]);
    await session.releaseSavepoint();
    await Promise.all(await session.sendAhead(ahead([insert(5), insert(6)])));
    await session.recordOutcome();
    await session.commit();
    expect(await query('SELECT id FROM item ORDER BY id')).toEqual([{ id: 1 }, { id: 5 }, { id: 6 }]);
  });

  it.each(['ROLLBACK', 'COMMIT', 'END', 'ROLLBACK TO SAVEPOINT _eden', "PREPARE TRANSACTION 'x'"])(
    'go no further than one that the server would do in a failed transaction: %s',
    async (leaving) => {
      const session = await begun();
      const answers = await session.sendAhead(ahead([insert(1), sql('SELECT 1/0'), sql(leaving), insert(2)]));
      expect(answers).toHaveLength(2);
      expect(await rejection(answers[1] as Promise<unknown>)).toMatchObject({ context: { sqlstate: '22012' } });
      expect(await rejection(session.run(sql(leaving)))).toMatchObject({ context: { sqlstate: '0A000' } });
      expect(await rejection(session.recordOutcome())).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
      expect(await query('SELECT id FROM item')).toEqual([]);
    },
  );

  it('stop at a text that is written for psql', async () => {
    const session = await begun();
    const script: Statement = { text: 'BEGIN; SELECT 1; COMMIT;', params: [], syntax: 'sql' };
    expect(await session.sendAhead(ahead([script, insert(1)]))).toEqual([]);
    const sent = await session.sendAhead(ahead([insert(1), script]));
    expect(await Promise.all(sent)).toEqual([{ rows: [], rowCount: 1 }]);
  });

  it('begin when the server comes to them, so that what it says is said of the right one', async () => {
    const told: string[] = [];
    const session = await begun({
      onNotice: (said) => told.push('further' in said ? `${said.further} more` : said.message),
    });
    const often = "SELECT say('b' || n) FROM generate_series(1, 60) AS n";
    const texts = ["SELECT say('a')", often, "SELECT say('c')", 'SELECT 1/0', "SELECT say('e')"];
    const statements = texts.map((text, at) => ({
      statement: sql(text),
      limits: { rows: 'discard' } as const,
      begins: () => told.push(`-- ${at}`),
    }));
    await Promise.allSettled(await session.sendAhead(statements));
    const ofB = Array.from({ length: 50 }, (_, n) => `b${n + 1}`);
    expect(told).toEqual(['-- 0', 'a', '-- 1', ...ofB, '10 more', '-- 2', 'c', '-- 3']);
  });

  it('tell who is in the way of the one that waits, which may be tried again with what is behind it', async () => {
    await query('CREATE TABLE taken (id int)');
    const holder = await begun();
    await holder.run(sql('LOCK TABLE taken'));
    const blocked: unknown[] = [];
    const change = { lockTimeoutMs: WATCHED_LOCK_TIMEOUT_MS, onBlocked: (by: unknown) => blocked.push(by) };
    const session = await begun(change);
    const locking = sql('INSERT INTO taken VALUES (1)');
    const [first, second, third] = await session.sendAhead(ahead([insert(1), locking, insert(2)]));
    await first;
    expect(await rejection(second as Promise<unknown>)).toMatchObject({
      retryable: true,
      context: { sqlstate: '55P03', blockers: [{ pid: expect.any(Number) }] },
    });
    expect(blocked).not.toEqual([]);
    await rejection(third as Promise<unknown>);
    await holder.close();
    await session.rollbackToSavepoint();
    await session.run(locking);
    await session.releaseSavepoint();
    await Promise.all(await session.sendAhead(ahead([insert(2), insert(3)])));
    expect(await idsBy(session)).toEqual([1, 2, 3]);
  });

  it('have their limits, which are those of before behind a rollback', async () => {
    const session = await begun({ lockTimeoutMs: 1500 });
    const shown = sql(
      `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`,
    );
    const limits = { timeoutMs: 7000, lockTimeoutMs: 70 };
    const answers = await session.sendAhead(ahead([shown, shown, sql('SELECT 1/0'), shown], limits));
    const [, second] = await Promise.allSettled(answers);
    expect(second).toMatchObject({ value: { rows: [{ lock: '70ms', statement: '7s' }] } });
    await session.rollbackToSavepoint();
    expect((await session.run(shown, limits)).rows).toEqual([{ lock: '70ms', statement: '7s' }]);
    await session.releaseSavepoint();
    expect((await session.run(shown)).rows).toEqual([{ lock: '1500ms', statement: '0' }]);
  });

  it('are bounded by their own limits, whatever is in front of them', async () => {
    const session = await begun();
    const slow = sql('SELECT pg_sleep(0.4)');
    const answers = await session.sendAhead(
      ahead([slow, slow, sql('SELECT pg_sleep(3600)'), slow], { timeoutMs: 1000 }),
    );
    const states = (await Promise.allSettled(answers)).map(({ status }) => status);
    expect(states).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(await rejection(answers[2] as Promise<unknown>)).toMatchObject({ context: { sqlstate: '57014' } });
  });

  it('are given up together with a session that is closed or lost meanwhile, and leave nothing', async () => {
    const session = await begun();
    const answers = await session.sendAhead(ahead([insert(1), sql('SELECT pg_sleep(3600)'), insert(2)]));
    await answers[0];
    await session.close();
    for (const answer of answers.slice(1))
      expect(await rejection(answer)).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    const next = await begun({ lockTimeoutMs: 20_000 });
    await next.run(sql('LOCK TABLE item'));
    expect(await idsBy(next)).toEqual([]);
  });

  it('are not sent at all once a session is closed that was still looking at them', async () => {
    const session = await begun();
    const sending = session.sendAhead(ahead([insert(1), insert(2)]));
    await Promise.all([session.close(), rejection(sending)]);
    const other = await begun();
    await other.savepoint();
    const running = other.run(insert(3));
    await Promise.all([other.close(), rejection(running)]);
    expect(await query('SELECT id FROM item')).toEqual([]);
  });

  it('are given up when the target has become silent in the middle of them', async () => {
    const proxy = await startTcpProxy(Number(new URL(database.url).port));
    open.push({ close: () => proxy.stop() });
    const hasty = postgresAdapter({ silenceMs: 600 });
    open.push(hasty);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    const session = await hasty.openParticipant(endpointAt(url.href), participantSpec());
    open.push(session);
    await session.begin();
    const pausing = (): void => proxy.pause();
    const statements = [insert(1), sql('SELECT pg_sleep(0.3)'), insert(2)].map((statement, at) => ({
      statement,
      limits: {},
      begins: () => (at === 1 ? pausing() : undefined),
    }));
    const answers = await session.sendAhead(statements);
    expect(await answers[0]).toMatchObject({ rowCount: 1 });
    expect(await rejection(answers[1] as Promise<unknown>)).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    proxy.resume();
  });
});
