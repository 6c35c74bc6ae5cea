import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ExecutionSession, ReaderGate, Uuid } from '@eden/domain';
import { eventually, testSandbox, withClient, type PostgresServer } from '@eden/testkit';
import { endpointAt, newUuid, rejection, sql } from '../testing/fixtures.js';
import { postgresAdapter } from '../testing/postgres-target.js';

const adapter = postgresAdapter();
const sessions: ExecutionSession[] = [];
let primary: PostgresServer;
let standby: PostgresServer;
let api: Uuid;

beforeAll(async () => {
  const settings = { wal_keep_size: '32MB' };
  primary = await (await testSandbox()).startPostgres({ name: 'read-primary', durable: false, settings });
  await adapter.install(endpointAt(primary.url()), newUuid());
  await onPrimary(`CREATE TABLE t (version text); INSERT INTO t VALUES ('old'); CREATE TABLE other AS TABLE t;
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
async function migrate(version: number, change = "UPDATE t SET version = 'new'"): Promise<void> {
  await onPrimary(`BEGIN; ${change};
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

/** What two statements give, and whether that may be answered. */
async function outcome(session: ExecutionSession, between = () => Promise.resolve(), text = READ): Promise<unknown> {
  const entered = await session.enter();
  if (entered !== 'open') return entered;
  try {
    const first = (await session.run(sql(READ))).rows[0]?.['version'];
    await between();
    const second = (await session.run(sql(text))).rows[0]?.['version'];
    const answer = await session.confirm();
    return answer === 'open' ? [first, second] : answer;
  } catch (error) {
    const answer = await session.confirm();
    if (answer === 'open') throw error;
    return answer;
  }
}

/** The only statement, and whether it may be answered. */
async function outcomeOfOne(session: ExecutionSession, text = READ): Promise<unknown> {
  const result = await session.readOnce(sql(text));
  return typeof result === 'string' ? result : result.rows[0]?.['version'];
}

// Protocol: I32
describe.each(['take', 'watch'] as const)('an execution on a hot standby, at a gate to %s', (mode) => {
  it('is behind until what its definition fits is replayed', async () => {
    await migrate(2);
    const gate = { schemaVersion: 2, committedVersion: 2, mode };
    expect(await outcome(await open(standby, gate))).toBe('behind');
    expect(await outcomeOfOne(await open(standby, gate))).toBe('behind');
    await replay();
    expect(await outcome(await open(standby, gate))).toEqual(['new', 'new']);
    expect(await outcomeOfOne(await open(standby, gate))).toBe('new');
  });

  it('that knows an older definition reads what fits it, or starts again', async () => {
    await migrate(2);
    const gate = { schemaVersion: 1, mode };
    expect(await outcome(await open(standby, gate))).toEqual(['old', 'old']);
    expect(await outcomeOfOne(await open(standby, gate))).toBe('old');
    await replay();
    expect(await outcome(await open(standby, gate))).toBe('newer');
    expect(await outcomeOfOne(await open(standby, gate))).toBe('newer');
  });

  it('sees no mixture of two statements between which the migration is replayed', async () => {
    await migrate(2);
    expect(await outcome(await open(standby, { schemaVersion: 1, mode }), replay)).toBe('newer');
  });

  it('does not fail by a statement that meets another schema than the one before it', async () => {
    // Nobody replays a change of a table that an open transaction has read.
    await migrate(2, 'ALTER TABLE other RENAME COLUMN version TO changed');
    const [gate, text] = [{ schemaVersion: 1, mode }, 'SELECT version FROM other'] as const;
    expect(await outcome(await open(standby, gate), replay, text)).toBe('newer');
    expect(await outcomeOfOne(await open(standby, gate), text)).toBe('newer');
    await onPrimary('ALTER TABLE other RENAME COLUMN changed TO version');
  });

  it('sees no statement in the middle of which the migration is replayed', async () => {
    await migrate(2);
    const answer = outcomeOfOne(await open(standby, { schemaVersion: 1, mode }), "SELECT wait_for('new') AS version");
    await replay();
    expect(await answer).toBe('newer');
  });

  it('fails by what is wrong with the statement itself', async () => {
    const session = await open(standby, { schemaVersion: 1, mode });
    expect(await session.enter()).toBe('open');
    const error = await rejection(session.run(sql('SELECT nothing FROM t')));
    expect(error).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
    expect(await session.confirm()).toBe('open');
  });

  it('reads its primary as ever', async () => {
    await migrate(2);
    const gate = { schemaVersion: 2, committedVersion: 2, mode };
    const session = await open(primary, gate);
    expect(await outcome(session)).toEqual(['new', 'new']);
    expect(session.isOnStandby).toBe(false);
    expect(await outcomeOfOne(await open(primary, gate))).toBe('new');
  });
});

it('that replays nothing is further behind with every moment, for batches that give way to it', async () => {
  const work = { statements: [], undo: null, record: [], unrecord: [] };
  const run = { runUuid: newUuid(), migrationUuid: newUuid(), apiUuid: newUuid(), epoch: 1, number: 0 };
  const step = await adapter.openOutside(endpointAt(primary.url()), { ...run, work, onBlocked: () => undefined });
  try {
    await step.batches?.begin();
    const lagMs = async (): Promise<number> => (await step.batches?.pressure())?.replicaLagMs ?? NaN;
    await onPrimary("UPDATE t SET version = 'newer'");
    // One look finds where it stands, the next ones that it stands there still.
    await eventually(async () => expect(await lagMs()).toBeGreaterThan(300));
    const before = await lagMs();
    await eventually(async () => expect(await lagMs()).toBeGreaterThan(before));
  } finally {
    await step.close();
  }
});
