import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Endpoint, ExecutionOptions, StatementResult, Uuid } from '@eden/domain';
import { createDatabase, eventually, testServers, withClient, type TestDatabase } from '@eden/testkit';
import { createTargets } from '../index.js';
import { endpointAt, newUuid, PATIENT, REACH, sql } from '../testing/fixtures.js';
import { poolerBefore } from '../testing/pooler.js';
import { gateKey } from './names.js';
import { isBindable } from './pipeline/bindable.js';

/* Reads beside each other on one connection: what one of them does is nobody else's matter. */

/** As messages of text, and by prepared statements that have their values beside them. */
const WAYS = ['by text', 'by name'] as const;

const targets = createTargets({ postgres: PATIENT, reach: REACH });
const adapter = targets.adapter('Postgres');
let database: TestDatabase;
let endpoint: Endpoint;
let held: Uuid;
let way: (typeof WAYS)[number];
/** Names of one test are none of another. */

beforeAll(async () => {
  database = await createDatabase(testServers().targets[0]);
  await adapter.install(endpointAt(database.url), newUuid());
  await withClient(database.url, (client) =>
    client.query(`CREATE TABLE kept (id int);
      CREATE FUNCTION prepare_one() RETURNS text LANGUAGE plpgsql AS $$
        BEGIN EXECUTE 'PREPARE one AS SELECT 1'; RETURN 'done'; END $$`),
  );
});

afterAll(() => targets.close());
afterEach(() => adapter.forget(endpoint.uuid));

/** Pools of two connections: one for those who share it, and one more. */
function newEndpoint(): Endpoint {
  endpoint = endpointAt(database.url, { config: { url: database.url, pool_size: 2 } });
  held = newUuid();
  return endpoint;
}

const OPTIONS: ExecutionOptions = {
  readOnly: true,
  gate: null,
  lockTimeoutMs: 2000,
  statementTimeoutMs: 10_000,
  idleTimeoutMs: 0,
};

/** What one test has set apart is not set apart in the next one, whose endpoint is another. */
function beside(text: string, what = text, options: Partial<ExecutionOptions> = {}): Promise<StatementResult | null> {
  const bound = way === 'by name' ? { text, values: [] } : null;
  const read = { statement: sql(text), bound, limits: {}, name: `${endpoint.uuid} ${what}` };
  return adapter.readBeside?.(endpoint, { ...OPTIONS, ...options }, read) ?? Promise.reject(new Error('cannot'));
}

const WHERE = 'SELECT pg_backend_pid() AS pid';

async function pidOf(reading: Promise<StatementResult | null>): Promise<unknown> {
  return (await reading)?.rows[0]?.['pid'];
}

/** Others beside it are under way on the same connection, behind it. */
async function withOthersBehind<T>(work: () => Promise<T>, text = WHERE): Promise<{ first: T; others: unknown[] }> {
  await beside(WHERE);
  // What is read for the first time is parsed first, and others would overtake it; so they would what only text can say.
  if (!(await isBindable(text))) way = 'by text';
  const holding = beside('SELECT pg_sleep(0.03)::text AS slept');
  await pause(10);
  const working = work();
  const others = Array.from({ length: 5 }, () => pidOf(beside(WHERE)));
  await holding;
  return { first: await working, others: await Promise.all(others) };
}

describe.each(WAYS)('reads %s beside each other', (each) => {
  beforeEach(() => {
    way = each;
  });

  it('each get their own answer, on few connections', async () => {
    newEndpoint();
    await beside(WHERE);
    const reading = Array.from({ length: 200 }, async (_, n) => {
      await pause(Math.random() * 20);
      const answer = await beside(`SELECT ${n} AS n, pg_backend_pid() AS pid`, 'same');
      expect(answer).toEqual({ rows: [{ n, pid: expect.any(Number) }], rowCount: 1 });
      return answer?.rows[0]?.['pid'];
    });
    expect(new Set(await Promise.all(reading)).size).toBeLessThanOrEqual(2);
  });

  it('are each measured by their own answer, and not by those before it', async () => {
    newEndpoint();
    await beside(WHERE);
    const text = "SELECT pg_backend_pid() AS pid, repeat('x', 40000) AS text";
    const pids = await Promise.all(Array.from({ length: 12 }, (_, n) => pidOf(beside(text, `long ${n}`))));
    expect(pids).toEqual(pids.map(() => expect.any(Number)));
  });

  it('are on another connection where the network would not take all of them at once', async () => {
    newEndpoint();
    const connectionsOf = async (text: string) => {
      await beside(text);
      return new Set(await Promise.all(Array.from({ length: 20 }, () => pidOf(beside(text))))).size;
    };
    expect(await connectionsOf(WHERE)).toBe(1);
    expect(await connectionsOf(`${WHERE} /* ${'x'.repeat(900)} */`)).toBe(2);
  });

  it('share one connection, and give it back when none is under way', async () => {
    newEndpoint();
    const { first, others } = await withOthersBehind(() => pidOf(beside(WHERE)));
    expect(new Set([first, ...others])).toEqual(new Set([expect.any(Number)]));
    const session = await adapter.openExecution(endpoint, OPTIONS);
    expect(await session.readOnce(sql(WHERE))).toMatchObject({ rows: [{ pid: first }] });
    await session.abandon();
  });

  it('leave the only connection to whoever waits for it, however many come', async () => {
    endpoint = endpointAt(database.url, { config: { url: database.url, pool_size: 1 } });
    let isOver = false;
    const reading = Array.from({ length: 8 }, async () => {
      while (!isOver) await beside('SELECT pg_sleep(0.002)::text AS slept', 'often');
    });
    await beside(WHERE);
    for (let n = 0; n < 3; n += 1) {
      const startedAt = performance.now();
      const session = await adapter.openExecution(endpoint, OPTIONS);
      expect(await session.readOnce(sql('SELECT 1 AS one'))).toMatchObject({ rows: [{ one: 1 }] });
      await session.abandon();
      // Some 70 ms; without a turn of its own, many seconds.
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
    isOver = true;
    await Promise.all(reading);
  });

  it.each([
    ['a failure', 'SELECT 1/0 AS never'],
    ['a failure that leaves a lock', 'SELECT 1 / (pg_advisory_lock(77) IS NULL)::int AS never'],
    ['what takes its time', 'SELECT pg_sleep(3)::text AS slept'],
    ['a large answer', "SELECT repeat('x', 400000) AS x"],
    ['what writes', 'DELETE FROM kept'],
    ['what leaves a prepared statement', 'SELECT prepare_one() AS done'],
  ])('answer nothing of %s, and of what was behind it only what it has not met', async (_what, text) => {
    newEndpoint();
    const startedAt = performance.now();
    const { first, others } = await withOthersBehind(() => beside(text), text);
    expect(first).toBeNull();
    expect(others).toEqual(Array(5).fill(undefined));
    expect(performance.now() - startedAt).toBeLessThan(2000);
    // It stays by itself; the others do not, on another connection.
    expect(await beside(text)).toBeNull();
    expect(await pidOf(beside(WHERE))).toEqual(expect.any(Number));
    const locks = "SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND objid = 77";
    await withClient(database.url, (client) =>
      eventually(async () => expect((await client.query(locks)).rows).toEqual([{ n: 0 }])),
    );
  });

  // Protocol: I6
  it('answer nothing behind a gate that is closed, and keep nobody waiting for it', async () => {
    newEndpoint();
    const gate = { apiUuid: held, schemaVersion: 0 };
    const gated = 'SELECT pg_backend_pid() AS pid /* gated */';
    expect(await pidOf(beside(gated, 'gated before', { gate }))).toEqual(expect.any(Number));
    await withClient(database.url, async (client) => {
      await client.query(`BEGIN; SELECT pg_advisory_xact_lock(${gateKey(held)})`);
      const startedAt = performance.now();
      const { first } = await withOthersBehind(() => beside(gated, 'gated', { gate }));
      expect(first).toBeNull();
      expect(await pidOf(beside(WHERE))).toEqual(expect.any(Number));
      expect(performance.now() - startedAt).toBeLessThan(1000);
      await client.query('ROLLBACK');
    });
  });

  // Protocol: I6
  it('answer nothing behind a gate that is newer than their definition', async () => {
    newEndpoint();
    await withClient(database.url, (client) =>
      client.query('INSERT INTO _eden.gate (api_uuid, schema_version) VALUES ($1, 2)', [held]),
    );
    expect(await beside(WHERE, 'newer', { gate: { apiUuid: held, schemaVersion: 1 } })).toBeNull();
    expect(await pidOf(beside(WHERE, 'fits', { gate: { apiUuid: held, schemaVersion: 2 } }))).toEqual(
      expect.any(Number),
    );
  });

  it('are none through a pooler, which gives the server to others between two of them', async () => {
    const { port } = database.server;
    const url = Object.assign(new URL(database.url), { host: `127.0.0.1:${await poolerBefore(port)}` }).href;
    endpoint = endpointAt(url);
    expect(await Promise.all([beside(WHERE), beside(WHERE)])).toEqual([null, null]);
    const session = await adapter.openExecution(endpoint, OPTIONS);
    expect(await session.readOnce(sql('SELECT 1 AS one'))).toMatchObject({ rows: [{ one: 1 }] });
    await session.abandon();
  });
});
