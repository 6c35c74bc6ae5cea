import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ExecutionOptions, ExecutionSession, Gate, StatementResult } from '@eden/domain';
import { eventually, startTcpProxy, withClient, type TestDatabase } from '@eden/testkit';
import { Client } from 'pg';
import {
  WATCHED_LOCK_TIMEOUT_MS,
  endpointAt,
  gate,
  newUuid,
  participantSpec,
  rejection,
  sql,
} from '../testing/fixtures.js';
import { closedAfterEach, newInstalledDatabase, postgresAdapter } from '../testing/postgres-target.js';
import { gateKey } from './names.js';

const adapter = postgresAdapter();
const sessions: ExecutionSession[] = [];
const participants = closedAfterEach();
let database: TestDatabase;

beforeAll(async () => {
  database = await newInstalledDatabase(adapter);
  await withClient(database.url, (client) =>
    client.query('CREATE TABLE item (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)'),
  );
});

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.abandon()));
});

async function open(change: Partial<ExecutionOptions> = {}): Promise<ExecutionSession> {
  const options = {
    readOnly: false,
    gate: null,
    lockTimeoutMs: 2000,
    statementTimeoutMs: 10_000,
    idleTimeoutMs: 0,
    ...change,
  };
  const session = await adapter.openExecution(endpointAt(database.url), options);
  sessions.push(session);
  return session;
}

async function entered(change: Partial<ExecutionOptions> = {}): Promise<ExecutionSession> {
  const session = await open(change);
  expect(await session.enter()).toBe('open');
  return session;
}

async function waitsForLock(): Promise<void> {
  await eventually(() =>
    withClient(database.url, async (client) => {
      const { rowCount } = await client.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database()
           AND application_name = 'eden execution' AND wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(1);
    }),
  );
}

/** A session that works on one gate as a participant does, without the rest of it. */
async function closeGate(closed: Gate): Promise<{ open(): Promise<void> }> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock($1)', [String(gateKey(closed.apiUuid))]);
  await client.query('INSERT INTO _eden.gate VALUES ($1, $2)', [closed.apiUuid, closed.schemaVersion]);
  return {
    open: async () => {
      await client.query('COMMIT');
      await client.end();
    },
  };
}

describe('an execution', () => {
  it('runs its statements in one transaction and commits them', async () => {
    const session = await entered();
    const first = await session.run(sql('SELECT pg_current_xact_id()::text AS xid, $1::int AS given', 7));
    const second = await session.run(
      sql('INSERT INTO item VALUES (1); SELECT pg_current_xact_id()::text AS xid, 7 AS given'),
    );
    expect(second).toEqual(first);
    await session.commit();
    const { rows } = await withClient(database.url, (client) => client.query('SELECT id FROM item'));
    expect(rows).toEqual([{ id: 1 }]);
  });

  it('that is abandoned leaves nothing, and its connection serves the next one', async () => {
    const endpoint = endpointAt(database.url, { config: { url: database.url, pool_size: 1 } });
    const options = { readOnly: false, gate: null, lockTimeoutMs: 2000, statementTimeoutMs: 10_000, idleTimeoutMs: 0 };
    const first = await adapter.openExecution(endpoint, options);
    await first.enter();
    const backend = sql('SELECT pg_backend_pid() AS pid');
    const { rows } = await first.run(backend);
    await first.run(sql('INSERT INTO item VALUES (2)'));
    await first.abandon();
    await first.abandon();
    const second = await adapter.openExecution(endpoint, { ...options, readOnly: true });
    await second.enter();
    expect((await second.run(backend)).rows).toEqual(rows);
    expect((await second.run(sql('SELECT id FROM item WHERE id = 2'))).rowCount).toBe(0);
    await second.commit();
  });

  it('gives rows that are plain JSON', async () => {
    const session = await entered({ readOnly: true });
    const { rows } = await session.run(
      sql(`SELECT 1::int8 AS small, 9223372036854775807 AS large, 1.5::numeric AS exact, true AS yes, NULL AS nothing,
                  '{"a":[1,null]}'::jsonb AS json, ARRAY['a','b'] AS texts, ARRAY[1.5,2] AS numbers,
                  '2024-01-02 03:04:05.678+02'::timestamptz AS at, date '2024-01-02' AS day,
                  '\\xc0ff'::bytea AS bytes, interval '1 day' AS span, 'x'::char(3) AS padded`),
    );
    expect(rows).toEqual([
      {
        small: 1,
        large: '9223372036854775807',
        exact: 1.5,
        yes: true,
        nothing: null,
        json: { a: [1, null] },
        texts: ['a', 'b'],
        numbers: [1.5, 2],
        at: '2024-01-02T01:04:05.678Z',
        day: '2024-01-02',
        bytes: '\\xc0ff',
        span: '1 day',
        padded: 'x  ',
      },
    ]);
    expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
  });

  it('that only reads cannot write, whatever its text says', async () => {
    const attempts = [
      'INSERT INTO item VALUES (3)',
      'WITH gone AS (DELETE FROM item RETURNING id) SELECT * FROM gone',
      'COMMIT; DELETE FROM item',
      'SET TRANSACTION READ WRITE; DELETE FROM item',
      "SELECT set_config('transaction_read_only', 'off', true); DELETE FROM item",
    ];
    for (const text of attempts) {
      const session = await entered({ readOnly: true });
      expect(await rejection(session.run(sql(text)))).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
      const other = await open({ readOnly: true });
      expect(await rejection(other.readOnce(sql(text)))).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
    }
    const { rows } = await withClient(database.url, (client) => client.query('SELECT FROM item WHERE id = 3'));
    expect(rows).toEqual([]);
  });

  it('tells SQLSTATE and words of what failed, and keeps the cause', async () => {
    const session = await entered();
    const error = await rejection(session.run(sql('SELECT 1/0')));
    expect(error).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { endpoint_id: 'customers_db', sqlstate: '22012', message: 'division by zero' },
      cause: { code: '22012' },
    });
  });

  it.each([
    ['CREATE INDEX CONCURRENTLY item_id ON item (id)', 1],
    ['INSERT INTO item VALUES (77);\nVACUUM item', 2],
  ])('refuses what can be in no transaction, with what to do instead: %s', async (text, statement) => {
    const refused = {
      code: 'TEMPLATE_EXECUTION_FAILED',
      context: { sqlstate: '25001', statement, suggestion: expect.stringContaining('migration') },
    };
    const written = { ...sql(text), syntax: 'sql' } as const;
    expect(await rejection((await entered()).run(sql(text)))).toMatchObject(refused);
    expect(await rejection((await entered()).run(written))).toMatchObject(refused);
    expect(await rejection((await open({ readOnly: true })).readOnce(sql(text)))).toMatchObject(refused);
    const { rows } = await withClient(database.url, (client) => client.query('SELECT FROM item WHERE id = 77'));
    expect(rows).toEqual([]);
  });

  it('does not call a rollback a commit', async () => {
    const session = await entered();
    await rejection(session.run(sql('SELECT 1/0')));
    expect(await rejection(session.commit())).toMatchObject({ context: { sqlstate: '25P02' } });
  });

  it('tells a constraint that only the commit checks', async () => {
    const session = await entered();
    await session.run(sql('INSERT INTO item VALUES (9), (9)'));
    expect(await rejection(session.commit())).toMatchObject({ context: { sqlstate: '23505' } });
  });

  it('bounds statements and lock waits, by its own limits and by the statement’s', async () => {
    const locker = await entered();
    await locker.run(sql('LOCK TABLE item'));
    const slow = sql('SELECT pg_sleep(20)');
    const locked = sql('SELECT * FROM item');
    const expectation = [
      [slow, { statementTimeoutMs: 50 }, {}, '57014'],
      [slow, {}, { timeoutMs: 50 }, '57014'],
      [locked, { lockTimeoutMs: 50 }, {}, '55P03'],
      [locked, {}, { lockTimeoutMs: 50 }, '55P03'],
    ] as const;
    for (const [statement, options, limits, sqlstate] of expectation) {
      const session = await entered(options);
      expect(await rejection(session.run(statement, limits))).toMatchObject({ context: { sqlstate } });
    }
  });

  it('whose connection breaks is unavailable, and the next one gets a new connection', async () => {
    const { port } = database.server;
    const proxy = await startTcpProxy(port);
    const url = database.url.replace(`:${port}/`, `:${proxy.port}/`);
    const endpoint = endpointAt(url, { config: { url, pool_size: 1 } });
    const options = { readOnly: true, gate: null, lockTimeoutMs: 2000, statementTimeoutMs: 10_000, idleTimeoutMs: 0 };
    const session = await adapter.openExecution(endpoint, options);
    await session.enter();
    await session.run(sql('SELECT 1'));
    proxy.cut();
    expect(await rejection(session.run(sql('SELECT 1')))).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    await session.abandon();
    const next = await adapter.openExecution(endpoint, options);
    await next.enter();
    expect((await next.run(sql('SELECT 1 AS one'))).rows).toEqual([{ one: 1 }]);
    await next.commit();
    await adapter.forget(endpoint.uuid);
  });
});

describe('a read in one round trip', () => {
  const reads = [
    sql('SELECT 1 AS one'),
    sql('SELECT 1 AS one;'),
    sql('SELECT 1 AS one -- and no more'),
    sql('SELECT $1::int AS one', 1),
    sql("SELECT ';' AS two; SELECT 1 AS one"),
  ];

  it.each(reads)('answers as one that goes step by step: $text', async (statement) => {
    for (const known of [null, gate(newUuid(), 1)]) {
      const session = await open({ readOnly: true, gate: known });
      const result = await session.readOnce(statement, { timeoutMs: 5000, lockTimeoutMs: 500 });
      expect(result).toEqual({ rows: [{ one: 1 }], rowCount: 1 });
    }
  });

  it('leaves neither a transaction nor a limit behind on its connection', async () => {
    const endpoint = endpointAt(database.url, { config: { url: database.url, pool_size: 1 } });
    const options = {
      readOnly: true,
      gate: gate(newUuid(), 1),
      lockTimeoutMs: 2000,
      statementTimeoutMs: 10_000,
      idleTimeoutMs: 0,
    };
    const first = await adapter.openExecution(endpoint, options);
    const answer = (await first.readOnce(sql('SELECT pg_backend_pid() AS pid'))) as StatementResult;
    const pid = answer.rows[0]?.['pid'];
    const { rows: left } = await withClient(database.url, (client) =>
      client.query(
        `SELECT state, (SELECT count(*)::int FROM pg_locks WHERE pid = $1 AND locktype = 'advisory') AS locks
           FROM pg_stat_activity WHERE pid = $1`,
        [pid],
      ),
    );
    expect(left).toEqual([{ state: 'idle', locks: 0 }]);
    const next = await adapter.openExecution(endpoint, { ...options, readOnly: false, gate: null });
    await next.enter();
    expect((await next.run(sql('SELECT pg_backend_pid() AS pid'))).rows).toEqual([{ pid }]);
    await next.commit();
  });

  it('tells the statement’s own error, behind an open gate as well', async () => {
    const locker = await entered();
    await locker.run(sql('LOCK TABLE item'));
    for (const known of [null, gate(newUuid(), 1)]) {
      const expectation = [
        [sql('SELECT 1/0'), '22012'],
        [sql('SELECT * FROM nowhere'), '42P01'],
        [sql('SELECT * FROM item'), '55P03'],
      ] as const;
      for (const [statement, sqlstate] of expectation) {
        const session = await open({ readOnly: true, gate: known });
        const error = await rejection(session.readOnce(statement, { lockTimeoutMs: 50 }));
        expect(error).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED', context: { sqlstate } });
      }
    }
  });

  it('behind a newer gate is not answered, also when its statement no longer fits', async () => {
    const api = newUuid();
    await (await closeGate(gate(api, 2))).open();
    for (const text of ['SELECT 1 AS one', 'SELECT gone_by_now FROM item']) {
      const session = await open({ readOnly: true, gate: gate(api, 1) });
      expect(await session.readOnce(sql(text))).toBe('newer');
    }
  });

  it('waits at a closed gate, and finds it newer', async () => {
    const api = newUuid();
    const closed = await closeGate(gate(api, 2));
    const reader = await open({ readOnly: true, gate: gate(api, 1) });
    const answer = reader.readOnce(sql('SELECT 1 AS one'));
    await waitsForLock();
    await closed.open();
    expect(await answer).toBe('newer');
  });

  // Protocol: I19
  it('at a gate that stays closed is a lock timeout which names the session in the way', async () => {
    const api = newUuid();
    const closed = await closeGate(gate(api, 2));
    const reader = await open({ readOnly: true, gate: gate(api, 1), lockTimeoutMs: 50 });
    const error = await rejection(reader.readOnce(sql('SELECT 1 AS one')));
    await closed.open();
    expect(error).toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: { lock_timeout_ms: 50, blockers: [{ query: expect.stringContaining('_eden.gate') }] },
    });
  });
});

describe('the gate of an API', () => {
  // Protocol: I6
  it('shows a reader who had to wait the new version, because lock and read are two statements', async () => {
    const api = newUuid();
    const closed = await closeGate(gate(api, 2));
    const reader = await open({ gate: gate(api, 1) });
    const answer = reader.enter();
    await waitsForLock();
    await closed.open();
    expect(await answer).toBe('newer');
  });

  it('would show such a reader the past, if lock and read were one statement', async () => {
    const api = newUuid();
    const closed = await closeGate(gate(api, 2));
    const answer = withClient(`${database.url}?application_name=eden%20execution`, (client) =>
      client.query(
        `WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(${gateKey(api)}))
         SELECT (SELECT max(schema_version) FROM _eden.gate WHERE api_uuid = '${api}') AS version FROM locked`,
      ),
    );
    await waitsForLock();
    await closed.open();
    expect((await answer).rows).toEqual([{ version: null }]);
  });

  // Protocol: I6
  it('lets any number of readers in together, and keeps a participant out until they are through', async () => {
    const api = newUuid();
    const readers = await Promise.all([1, 2, 3].map(() => entered({ gate: gate(api, 1) })));
    const spec = participantSpec({ gates: [gate(api, 2)], lockTimeoutMs: WATCHED_LOCK_TIMEOUT_MS });
    const blocked = await adapter.openParticipant(endpointAt(database.url), spec);
    participants.push(blocked);
    expect(await rejection(blocked.begin())).toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: { blockers: expect.arrayContaining([expect.objectContaining({ application: 'eden execution' })]) },
    });
    await blocked.close();
    await Promise.all(readers.map((reader) => reader.commit()));
    const free = await adapter.openParticipant(endpointAt(database.url), spec);
    participants.push(free);
    await free.begin();
  });

  it('that stays taken is a lock timeout which names the session in the way', async () => {
    const api = newUuid();
    const closed = await closeGate(gate(api, 2));
    const reader = await open({ gate: gate(api, 1), lockTimeoutMs: 50 });
    const error = await rejection(reader.enter());
    await closed.open();
    expect(error).toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: {
        api_uuid: api,
        blockers: [{ user: 'postgres', database: database.name, query: expect.stringContaining('_eden.gate') }],
      },
    });
  });
});
