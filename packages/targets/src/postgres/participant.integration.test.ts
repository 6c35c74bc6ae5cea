import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ParticipantSession, ParticipantSpec, Settlement } from '@eden/domain';
import { eventually, startTcpProxy, withClient, type TestDatabase } from '@eden/testkit';
import type { Client, ClientConfig } from 'pg';
import { createTargets } from '../index.js';
import {
  PATIENT,
  REACH,
  WATCHED_LOCK_TIMEOUT_MS,
  committed,
  endpointAt,
  gate,
  knownRun,
  newUuid,
  participantSpec,
  rejection,
  sql,
} from '../testing/fixtures.js';
import { closedAfterEach, newInstalledDatabase, postgresAdapter, settlementOf } from '../testing/postgres-target.js';
import { AnswerLimits, DEFAULT_RESULTS } from '../answer-limits.js';
import { GuardedClient } from './guard/guarded-client.js';
import { gateKey, participantApplication } from './names.js';
import { Transaction } from './transaction.js';
import { prepareTransaction } from './two-phase.js';

const adapter = postgresAdapter();
const open = closedAfterEach();
let database: TestDatabase;
let settlement: Settlement;

beforeAll(async () => {
  database = await newInstalledDatabase(adapter);
  settlement = await settlementOf(adapter, database);
});

beforeEach(() => query('DROP TABLE IF EXISTS item; CREATE TABLE item (id int)'));

async function query(text: string): Promise<readonly unknown[]> {
  return withClient(database.url, async (client) => (await client.query(text)).rows);
}

async function participant(change: Partial<ParticipantSpec> = {}, url = database.url): Promise<ParticipantSession> {
  const session = await adapter.openParticipant(endpointAt(url), participantSpec(change));
  open.push(session);
  return session;
}

async function begun(change: Partial<ParticipantSpec> = {}): Promise<ParticipantSession> {
  const session = await participant(change);
  await session.begin();
  return session;
}

async function superuser(config: ClientConfig = {}): Promise<GuardedClient> {
  const limits = new AnswerLimits(DEFAULT_RESULTS);
  const client = new GuardedClient({ connectionString: database.url, ...config }, limits);
  await client.connect();
  open.push({ close: () => client.end() });
  return client;
}

async function waitsForLock(application: string): Promise<void> {
  await eventually(async () => {
    const found = await query(
      `SELECT FROM pg_stat_activity WHERE application_name = '${application}' AND wait_event_type = 'Lock'`,
    );
    expect(found).toHaveLength(1);
  });
}

describe('a participant', () => {
  // Protocol: I9
  it('prepares its work, and the settlement commits it with ledger and gate', async () => {
    const [runUuid, api] = [newUuid(), newUuid()];
    const session = await begun({ runUuid, epoch: 3, gates: [gate(api, 8)] });
    await session.run(sql('INSERT INTO item VALUES ($1)', 1));
    await session.prepare();
    await session.close();
    expect(await query('SELECT * FROM item')).toEqual([]);
    expect(await settlement.readLedger(runUuid)).not.toContainEqual(committed(3, 0));
    expect(await settlement.commitPrepared(session.preparedId)).toBe('committed');
    expect(await query('SELECT * FROM item')).toEqual([{ id: 1 }]);
    expect(await query(`SELECT schema_version::int AS version FROM _eden.gate WHERE api_uuid = '${api}'`)).toEqual([
      { version: 8 },
    ]);
    expect(await settlement.readLedger(runUuid)).toContainEqual(committed(3, 0));
    expect(await settlement.readLedger(runUuid)).not.toContainEqual(committed(2, 0));
    await settlement.deleteLedger(knownRun(runUuid));
    expect(await settlement.readLedger(runUuid)).not.toContainEqual(committed(3, 0));
  });

  it('commits on its own session, and finds its transaction missing when somebody else has', async () => {
    const runUuid = newUuid();
    const first = await begun({ runUuid, epoch: 3 });
    await first.prepare();
    expect(await first.commitPrepared()).toBe('committed');
    expect(await settlement.readLedger(runUuid)).toContainEqual(committed(3, 0));
    const second = await begun();
    await second.prepare();
    await settlement.rollbackPrepared(second.preparedId);
    expect(await second.commitPrepared()).toBe('missing');
  });

  it('names the first of several statements that fails, and does nothing behind it', async () => {
    const session = await begun();
    const several = sql('INSERT INTO item VALUES (1); SELECT 1 / 0; INSERT INTO nowhere VALUES (2)');
    await expect(session.run(several)).rejects.toMatchObject({ context: { sqlstate: '22012' } });
  });

  it('that is closed before it prepared has changed nothing and holds nothing', async () => {
    const [migrationUuid, api] = [newUuid(), newUuid()];
    const spec = { migrationUuid, gates: [gate(api, 2)], gateTimeoutMs: 100 };
    const session = await begun({ ...spec, epoch: 5 });
    await session.run(sql('CREATE TABLE gone (id int)'));
    await session.close();
    await session.close();
    expect(await query("SELECT to_regclass('gone') AS gone")).toEqual([{ gone: null }]);
    await begun({ ...spec, epoch: 4 });
  });

  it('has the limits of the statement in force, also after a rollback to a savepoint took settings back', async () => {
    const session = await begun({ lockTimeoutMs: 1500 });
    const limits = sql(
      `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`,
    );
    const limitsWith = async (timeoutMs: number, lockTimeoutMs: number) =>
      (await session.run(limits, { timeoutMs, lockTimeoutMs })).rows[0];
    expect(await limitsWith(0, 0)).toEqual({ lock: '1500ms', statement: '0' });
    await session.savepoint();
    expect(await limitsWith(7000, 70)).toEqual({ lock: '70ms', statement: '7s' });
    await rejection(session.run(sql('SELECT 1/0'), { timeoutMs: 7000, lockTimeoutMs: 70 }));
    await session.rollbackToSavepoint();
    expect(await limitsWith(7000, 70)).toEqual({ lock: '70ms', statement: '7s' });
    await session.releaseSavepoint();
    expect(await limitsWith(0, 0)).toEqual({ lock: '1500ms', statement: '0' });
  });

  it('leaves no setting behind in its session', async () => {
    const names =
      "('lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'client_connection_check_interval')";
    const settings = sql(`SELECT name, source FROM pg_settings WHERE name IN ${names} AND source = 'session'`);
    const session = await begun();
    expect((await session.run(settings)).rowCount).toBe(4);
    await session.prepare();
    await session.commitPrepared();
    const client = await superuser();
    expect((await client.query(settings.text)).rowCount).toBe(0);
  });

  // Protocol: I9
  it('refuses to prepare when the transaction was ended and begun again behind its back', async () => {
    const runUuid = newUuid();
    const session = await begun({ runUuid });
    // What no template can say, a function of another language might.
    await smuggle(session, 'COMMIT; BEGIN');
    expect(await rejection(session.prepare())).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { message: 'a template has ended the transaction or changed the role' },
    });
    await session.close();
    expect(await settlement.readLedger(runUuid)).not.toContainEqual(committed(1, 0));
    expect(await settlement.listPrepared('test')).toEqual([]);
  });

  // Protocol: I9
  it.each(['COMMIT', 'SET LOCAL ROLE pg_monitor'])('refuses to prepare after a smuggled %s', async (text) => {
    const runUuid = newUuid();
    const session = await begun({ runUuid });
    await smuggle(session, text);
    expect(await rejection(session.prepare())).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
    await session.close();
    expect(await settlement.readLedger(runUuid)).not.toContainEqual(committed(1, 0));
  });

  it('does not even send a template with a COMMIT', async () => {
    const session = await begun();
    expect(await rejection(session.run(sql('INSERT INTO item VALUES (1); COMMIT')))).toMatchObject({
      context: { sqlstate: '0A000' },
    });
    await session.close();
    expect(await query('SELECT * FROM item')).toEqual([]);
  });

  it('says what cannot be prepared', async () => {
    const session = await begun();
    await session.run(sql('CREATE TEMP TABLE t (id int)'));
    expect(await rejection(session.prepare())).toMatchObject({
      context: { sqlstate: '0A000', suggestion: expect.stringContaining('temporary objects') },
    });
  });

  it('whose connection breaks is unavailable, and its transaction is gone', async () => {
    const { port } = database.server;
    const proxy = await startTcpProxy(port);
    const migrationUuid = newUuid();
    const session = await participant({ migrationUuid }, database.url.replace(`:${port}/`, `:${proxy.port}/`));
    await session.begin();
    await session.run(sql('LOCK TABLE item'));
    proxy.cut();
    expect(await rejection(session.run(sql('SELECT 1')))).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
      context: { endpoint_id: 'customers_db' },
    });
    await session.close();
    await eventually(() => query('SET lock_timeout = 50; LOCK TABLE item'));
  });

  it('frees its locks at once when its worker dies in the middle of a statement', async () => {
    const { port } = database.server;
    const proxy = await startTcpProxy(port);
    const session = await participant({}, database.url.replace(`:${port}/`, `:${proxy.port}/`));
    await session.begin();
    await session.run(sql('LOCK TABLE item'));
    const running = rejection(session.run(sql('SELECT pg_sleep(25)')));
    await eventually(async () =>
      expect(await query("SELECT FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(25)%'")).toHaveLength(1),
    );
    proxy.cut();
    expect(await running).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    await query("SET lock_timeout = '5s'; LOCK TABLE item");
  });

  it('outlives the server’s limit for idle transactions while it waits for its siblings', async () => {
    const impatient = createTargets({ postgres: { ...PATIENT, idleInTransactionMs: 200 }, reach: REACH });
    const spec = participantSpec();
    const endpoint = endpointAt(database.url);
    const session = await impatient.adapter('Postgres').openParticipant(endpoint, spec);
    open.push(session);
    await session.begin();
    const application = participantApplication(spec);
    // Longer than the limit: the session answered pings ever since.
    await eventually(async () => {
      const [row] = (await query(
        `SELECT extract(epoch FROM now() - xact_start) > 0.6 AS long FROM pg_stat_activity
          WHERE application_name = '${application}'`,
      )) as { long: boolean }[];
      expect(row).toEqual({ long: true });
    });
    await session.prepare();
    await settlement.rollbackPrepared(session.preparedId);
  });
});

describe('a participant that is a last resource', () => {
  it('commits by itself, with ledger and gate', async () => {
    const [runUuid, api] = [newUuid(), newUuid()];
    const session = await begun({ runUuid, number: 2, gates: [gate(api, 8)] });
    await session.run(sql('INSERT INTO item VALUES (1)'));
    await session.recordOutcome();
    expect(await query('SELECT * FROM item')).toEqual([]);
    expect(await settlement.readLedger(runUuid)).not.toContainEqual(committed(1, 2));
    await session.commit();
    await session.close();
    expect(await query('SELECT * FROM item')).toEqual([{ id: 1 }]);
    expect(await query(`SELECT schema_version::int AS version FROM _eden.gate WHERE api_uuid = '${api}'`)).toEqual([
      { version: 8 },
    ]);
    expect(await settlement.readLedger(runUuid)).toContainEqual(committed(1, 2));
    expect(await settlement.readLedger(runUuid)).not.toContainEqual(committed(1, 1));
  });

  it('may do what cannot be prepared', async () => {
    const session = await begun();
    await session.run(sql('CREATE TEMP TABLE t AS SELECT 7 AS id; INSERT INTO item SELECT id FROM t; NOTIFY item'));
    await session.recordOutcome();
    await session.commit();
    expect(await query('SELECT * FROM item')).toEqual([{ id: 7 }]);
  });

  it.each(['COMMIT; BEGIN', 'COMMIT', 'SET LOCAL ROLE pg_monitor'])(
    'records nothing after a smuggled %s',
    async (text) => {
      const runUuid = newUuid();
      const session = await begun({ runUuid });
      await smuggle(session, text);
      expect(await rejection(session.recordOutcome())).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
      await session.close();
      expect(await settlement.readLedger(runUuid)).not.toContainEqual(committed(1, 0));
    },
  );

  it('checks deferred constraints before it is asked to commit', async () => {
    await query('ALTER TABLE item ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED');
    const session = await begun();
    await session.run(sql('INSERT INTO item VALUES (1), (1)'));
    expect(await rejection(session.recordOutcome())).toMatchObject({ context: { sqlstate: '23505' } });
  });

  // Protocol: I13
  it('that loses the reply to COMMIT has committed all the same, and its ledger tells', async () => {
    const { port } = database.server;
    const proxy = await startTcpProxy(port);
    const runUuid = newUuid();
    const session = await participant({ runUuid }, database.url.replace(`:${port}/`, `:${proxy.port}/`));
    await session.begin();
    await session.recordOutcome();
    const dropped = proxy.dropReply((reply) => reply.includes('COMMIT\0'));
    expect(await rejection(session.commit())).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    await dropped;
    expect(await settlement.readLedger(runUuid)).toContainEqual(committed(1, 0));
  });
});

describe('PREPARE TRANSACTION', () => {
  // Protocol: I9
  it('in a failed transaction answers ROLLBACK without an error, and is not taken for prepared', async () => {
    const client = await superuser();
    const transaction = new Transaction(client, { lockTimeoutMs: 1000, statementTimeoutMs: 0 });
    transaction.defer('BEGIN');
    await rejection(transaction.send({ text: 'SELECT 1/0' }));
    const raw = await rejection(prepareTransaction(client, transaction, 'eden_test_x'));
    expect(raw).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { sqlstate: '25P02', message: expect.stringContaining('ROLLBACK') },
    });
    expect(await query("SELECT FROM pg_prepared_xacts WHERE gid = 'eden_test_x'")).toEqual([]);
  });

  it('of a participant whose statement failed is an error, and nothing is prepared', async () => {
    const session = await begun();
    await rejection(session.run(sql('SELECT 1/0')));
    expect(await rejection(session.prepare())).toMatchObject({ context: { sqlstate: '25P02' } });
    expect(await settlement.listPrepared('test')).toEqual([]);
  });
});

describe('the fence', () => {
  // Protocol: I5
  it('lets in its own and newer epochs, and no older one', async () => {
    const migrationUuid = newUuid();
    for (const epoch of [4, 4, 5]) {
      const session = await begun({ migrationUuid, epoch });
      await session.prepare();
      await session.commitPrepared();
    }
    const late = await participant({ migrationUuid, epoch: 4 });
    expect(await rejection(late.begin())).toMatchObject({ code: 'FENCED', context: { epoch: 4 } });
  });

  // Protocol: I5
  it('stops a zombie that wakes up after recovery has raised it', async () => {
    const migrationUuid = newUuid();
    const zombie = await participant({ migrationUuid, epoch: 1 });
    await settlement.raiseFence(newUuid(), migrationUuid, 2);
    await settlement.raiseFence(newUuid(), migrationUuid, 1);
    expect(await rejection(zombie.begin())).toMatchObject({ code: 'FENCED' });
  });

  it('admits one participant of a migration at a time, and tells the second who is in the way', async () => {
    const migrationUuid = newUuid();
    const first = participantSpec({ migrationUuid });
    const holder = await adapter.openParticipant(endpointAt(database.url), first);
    open.push(holder);
    await holder.begin();
    const second = await participant({ migrationUuid, epoch: 2, gateTimeoutMs: WATCHED_LOCK_TIMEOUT_MS });
    expect(await rejection(second.begin())).toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: {
        migration_uuid: migrationUuid,
        lock_timeout_ms: WATCHED_LOCK_TIMEOUT_MS,
        blockers: [{ application: participantApplication(first), user: 'postgres', database: database.name }],
      },
    });
  });
});

describe('the gates of a participant', () => {
  // Protocol: I7
  it('are taken in ascending order of their keys, whatever their order in the plan', async () => {
    const gates = Array.from({ length: 5 }, () => gate(newUuid(), 1));
    const [last] = gates.map(({ apiUuid }) => gateKey(apiUuid)).sort((a, b) => (a > b ? -1 : 1));
    const holder = await superuser();
    await holder.query('SELECT pg_advisory_lock($1)', [String(last)]);
    const spec = participantSpec({ gates, gateTimeoutMs: 20_000 });
    const session = await adapter.openParticipant(endpointAt(database.url), spec);
    open.push(session);
    const beginning = session.begin();
    const application = participantApplication(spec);
    await waitsForLock(application);
    // The run lock and all gates but the greatest.
    expect(
      await query(`SELECT count(*)::int FROM pg_locks JOIN pg_stat_activity USING (pid)
                    WHERE application_name = '${application}' AND locktype = 'advisory' AND granted`),
    ).toEqual([{ count: 5 }]);
    await holder.query('SELECT pg_advisory_unlock_all()');
    await beginning;
  });
});

describe('a prepared transaction', () => {
  // Protocol: I6
  it('holds the gate against readers until it is settled', async () => {
    const api = newUuid();
    const session = await begun({ gates: [gate(api, 2)] });
    await session.prepare();
    await session.close();
    const options = {
      readOnly: true,
      gate: gate(api, 1),
      lockTimeoutMs: 100,
      statementTimeoutMs: 10_000,
      idleTimeoutMs: 0,
    };
    const impatient = await adapter.openExecution(endpointAt(database.url), options);
    open.push({ close: () => impatient.abandon() });
    expect(await rejection(impatient.enter())).toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: { blockers: [{ pid: null, prepared_id: session.preparedId }] },
    });
    const patient = await adapter.openExecution(endpointAt(database.url), { ...options, lockTimeoutMs: 20_000 });
    open.push({ close: () => patient.abandon() });
    const answer = patient.enter();
    await waitsForLock('eden execution');
    await settlement.commitPrepared(session.preparedId);
    expect(await answer).toBe('newer');
  });
});

describe('a lock that stays taken', () => {
  // Protocol: I19
  it('names the session that has it', async () => {
    const holder = await superuser({ application_name: 'nightly report' });
    await holder.query('BEGIN; LOCK TABLE item IN ACCESS SHARE MODE');
    const session = await begun();
    const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    expect(
      await rejection(
        session.run(sql('ALTER TABLE item ADD COLUMN c int'), { lockTimeoutMs: WATCHED_LOCK_TIMEOUT_MS }),
      ),
    ).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: {
        sqlstate: '55P03',
        blockers: [
          {
            pid: rows[0]?.pid,
            application: 'nightly report',
            user: 'postgres',
            query: expect.stringContaining('pg_backend_pid'),
            age_ms: expect.any(Number),
            database: database.name,
            prepared_id: null,
          },
        ],
      },
    });
  });

  it('is told of while it is waited for', async () => {
    const holder = await superuser({ application_name: 'nightly report' });
    await holder.query('BEGIN; LOCK TABLE item IN ACCESS SHARE MODE');
    let tell: (context: unknown) => void = () => undefined;
    const told = new Promise((resolve) => (tell = resolve));
    const session = await begun({ onBlocked: tell });
    const altering = session.run(sql('ALTER TABLE item ADD COLUMN c int'), { lockTimeoutMs: 60_000 });
    expect(await told).toMatchObject({ blockers: [{ application: 'nightly report' }] });
    await holder.query('COMMIT');
    await altering;
  });

  // Protocol: I19
  it('names the prepared transaction that has it', async () => {
    const holder = await begun();
    await holder.run(sql('LOCK TABLE item'));
    await holder.prepare();
    const session = await begun();
    expect(
      await rejection(session.run(sql('SELECT * FROM item'), { lockTimeoutMs: WATCHED_LOCK_TIMEOUT_MS })),
    ).toMatchObject({
      context: { sqlstate: '55P03', blockers: [{ pid: null, prepared_id: holder.preparedId }] },
    });
    await settlement.rollbackPrepared(holder.preparedId);
  });
});

/** Sends text past the checks of `run`, on the session's own connection. */
async function smuggle(session: ParticipantSession, text: string): Promise<void> {
  await (session as unknown as { client: Client }).client.query(text);
}
