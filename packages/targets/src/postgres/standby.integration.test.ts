import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExecutionSession, ReaderGate, StatementResult, Uuid } from '@eden/domain';
import { eventually, testSandbox, withClient, type PostgresServer } from '@eden/testkit';
import { endpointAt, newUuid, sql } from '../testing/fixtures.js';
import { postgresAdapter } from '../testing/postgres-target.js';

const adapter = postgresAdapter();
const sessions: ExecutionSession[] = [];
let primary: PostgresServer;
let standby: PostgresServer;
let api: Uuid;

beforeAll(async () => {
  const settings = { wal_keep_size: '256MB' };
  primary = await (await testSandbox()).startPostgres({ name: 'read-primary', durable: false, settings });
  await adapter.install(endpointAt(primary.url()), newUuid());
  await onPrimary(`CREATE TABLE t (version text); INSERT INTO t VALUES ('old');
    CREATE FUNCTION wait_for(wanted text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
      LOOP
        EXIT WHEN EXISTS (SELECT FROM t WHERE version = wanted);
        PERFORM pg_sleep(0.02);
      END LOOP;
      RETURN wanted;
    END $$`);
  standby = await primary.startStandby({ name: 'read-standby', replicationPort: primary.port });
});

beforeEach(async () => {
  api = newUuid();
  await onPrimary("UPDATE t SET version = 'old'");
  await caughtUp();
  await onStandby('SELECT pg_wal_replay_pause()');
  await eventually(async () => expect(await onStandby('SELECT pg_get_wal_replay_pause_state()')).toBe('paused'));
});

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.abandon()));
  await onStandby('SELECT pg_wal_replay_resume()');
});

async function valueAt(server: PostgresServer, text: string): Promise<unknown> {
  const results = await withClient(server.url(), (client) => client.query({ text, rowMode: 'array' }));
  return [results].flat().at(-1)?.rows.flat()[0];
}

const onPrimary = (text: string) => valueAt(primary, text);
const onStandby = (text: string) => valueAt(standby, text);

async function caughtUp(): Promise<void> {
  const lsn = await onPrimary('SELECT pg_current_wal_insert_lsn()');
  await eventually(async () =>
    expect(await onStandby(`SELECT pg_last_wal_replay_lsn() >= '${String(lsn)}'::pg_lsn`)).toBe(true),
  );
}

/** What a migration does, in one transaction. */
async function migrate(version: number): Promise<void> {
  await onPrimary(`BEGIN; UPDATE t SET version = 'new';
    INSERT INTO _eden.gate VALUES ('${api}', ${version})
      ON CONFLICT (api_uuid) DO UPDATE SET schema_version = excluded.schema_version; COMMIT`);
}

async function replay(): Promise<void> {
  await onStandby('SELECT pg_wal_replay_resume()');
  await caughtUp();
}

async function open(server: PostgresServer, gate: Omit<ReaderGate, 'apiUuid'>): Promise<ExecutionSession> {
  const session = await adapter.openExecution(endpointAt(server.url()), {
    readOnly: true,
    gate: { apiUuid: api, ...gate },
    lockTimeoutMs: 2000,
    statementTimeoutMs: 10_000,
    idleTimeoutMs: 0,
  });
  sessions.push(session);
  return session;
}

const READ = 'SELECT version FROM t';

async function read(session: ExecutionSession): Promise<unknown> {
  return (await session.run(sql(READ))).rows[0]?.['version'];
}

// Protocol: I32
describe.each(['take', 'watch'] as const)('an execution on a hot standby, at a gate to %s', (mode) => {
  it('is behind until what its definition fits is replayed', async () => {
    await migrate(2);
    const gate = { schemaVersion: 2, committedVersion: 2, mode };
    expect(await (await open(standby, gate)).enter()).toBe('behind');
    expect(await (await open(standby, gate)).readOnce(sql(READ))).toBe('behind');
    await replay();
    const session = await open(standby, gate);
    expect(await session.enter()).toBe('open');
    expect(session.isOnStandby).toBe(true);
    expect(await read(session)).toBe('new');
    expect(await session.confirm()).toBe('open');
  });

  it('that knows an older definition reads what fits it, or starts again', async () => {
    await migrate(2);
    const gate = { schemaVersion: 1, mode };
    const old = await open(standby, gate);
    expect(await old.enter()).toBe('open');
    expect(await read(old)).toBe('old');
    expect(await old.confirm()).toBe('open');
    await replay();
    expect(await (await open(standby, gate)).enter()).toBe('newer');
    expect(await (await open(standby, gate)).readOnce(sql(READ))).toBe('newer');
  });

  it('sees no mixture of two statements between which the migration is replayed', async () => {
    await migrate(2);
    const session = await open(standby, { schemaVersion: 1, mode });
    expect(await session.enter()).toBe('open');
    expect(await read(session)).toBe('old');
    await replay();
    expect(await read(session)).toBe('new');
    expect(await session.confirm()).toBe('newer');
  });

  it('sees no statement in the middle of which the migration is replayed', async () => {
    await migrate(2);
    const session = await open(standby, { schemaVersion: 1, mode });
    const answer = session.readOnce(sql("SELECT wait_for('new') AS version"));
    await replay();
    expect(await answer).toBe('newer');
  });

  it('on a primary is asked nothing more', async () => {
    await migrate(2);
    const session = await open(primary, { schemaVersion: 2, committedVersion: 2, mode });
    expect(await session.enter()).toBe('open');
    expect(session.isOnStandby).toBe(false);
    expect(await session.confirm()).toBe('open');
    const lone = await open(primary, { schemaVersion: 2, committedVersion: 2, mode });
    expect(((await lone.readOnce(sql(READ))) as StatementResult).rows).toEqual([{ version: 'new' }]);
  });
});
