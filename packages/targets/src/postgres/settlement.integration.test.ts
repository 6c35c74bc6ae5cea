import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ParticipantSession, ParticipantSpec, Settlement } from '@eden/domain';
import { eventually, startTcpProxy, testSandbox, testServers, withClient, type TestDatabase } from '@eden/testkit';
import { createTargets } from '../index.js';
import {
  PATIENT,
  REACH,
  committed,
  endpointAt,
  newUuid,
  participantSpec,
  rejection,
  sql,
} from '../testing/fixtures.js';
import {
  closedAfterEach,
  newDatabase,
  newInstalledDatabase,
  postgresAdapter,
  settlementOf,
} from '../testing/postgres-target.js';

const adapter = postgresAdapter({ fenceWaitMs: 100 });
const open = closedAfterEach();
let database: TestDatabase;
let settlement: Settlement;

beforeAll(async () => {
  database = await newInstalledDatabase(adapter);
  settlement = await settlementOf(adapter, database);
});

async function begun(change: Partial<ParticipantSpec> = {}, url = database.url): Promise<ParticipantSession> {
  const session = await adapter.openParticipant(endpointAt(url), participantSpec(change));
  open.push(session);
  await session.begin();
  return session;
}

async function prepared(change: Partial<ParticipantSpec> = {}, url = database.url): Promise<string> {
  const session = await begun(change, url);
  await session.prepare();
  await session.close();
  return session.preparedId;
}

async function settlementAt(url: string): Promise<Settlement> {
  const opened = await adapter.openSettlement(endpointAt(url));
  open.push(opened);
  return opened;
}

describe('listing prepared transactions', () => {
  // Protocol: I16
  it('shows those of one installation in one database, with their parts', async () => {
    const elsewhere = await newInstalledDatabase(adapter);
    const there = await settlementAt(elsewhere.url);
    const runUuid = newUuid();
    const startedAt = Date.now();
    const ours = await prepared({ installation: 'mine', runUuid, epoch: 4, number: 2 });
    const theirs = await prepared({ installation: 'theirs' });
    const inOther = await prepared({ installation: 'mine' }, elsewhere.url);
    const strangers = 'eden_mine_nonsense';
    await withClient(database.url, (client) => client.query(`BEGIN; PREPARE TRANSACTION '${strangers}'`));
    const listed = await settlement.listPrepared('mine');
    expect(listed).toEqual([
      {
        preparedId: ours,
        installation: 'mine',
        runUuid,
        epoch: 4,
        number: 2,
        token: '0123456789abcdef',
        role: testServers().targets[0].username,
        preparedAt: expect.any(Date),
        xidAge: expect.any(Number),
      },
    ]);
    expect(Math.abs((listed[0]?.preparedAt.getTime() ?? 0) - startedAt)).toBeLessThan(60_000);
    expect(await settlement.listPrepared('min')).toEqual([]);
    await there.rollbackPrepared(inOther);
    for (const id of [ours, theirs, strangers]) expect(await settlement.rollbackPrepared(id)).toBe('rolled back');
  });
});

describe('finishing a prepared transaction', () => {
  it('in the wrong database or as the wrong role is tried again later, and never lost', async () => {
    const id = await prepared();
    const elsewhere = await newDatabase();
    const wrong = await settlementAt(elsewhere.url);
    expect(await rejection(wrong.commitPrepared(id))).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE', retryable: true });
    expect(await settlement.commitPrepared(id)).toBe('committed');
  });

  it('waits for a server that restarts, and finds the transaction again', async () => {
    const sandbox = await testSandbox();
    const server = await sandbox.startPostgres({ name: 'restarting' });
    const endpoint = endpointAt(server.url());
    await adapter.install(endpoint, newUuid());
    const runUuid = newUuid();
    const id = await prepared({ runUuid }, server.url());
    const there = await settlementAt(server.url());
    await server.crash();
    expect(await rejection(there.commitPrepared(id))).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    await server.restart();
    expect(await eventually(() => there.commitPrepared(id))).toBe('committed');
    expect(await there.readLedger(runUuid)).toContainEqual(committed(1, 0));
    await adapter.forget(endpoint.uuid);
  });

  it('gives up on a server that does not answer', async () => {
    const { port } = database.server;
    const proxy = await startTcpProxy(port);
    const hasty = createTargets({ postgres: { ...PATIENT, answerTimeoutMs: 200 }, reach: REACH });
    const endpoint = endpointAt(database.url.replace(`:${port}/`, `:${proxy.port}/`));
    const silent = await hasty.adapter('Postgres').openSettlement(endpoint);
    open.push(silent);
    proxy.pause();
    expect(await rejection(silent.listPrepared('test'))).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
      context: { details: 'connection timed out' },
    });
    proxy.resume();
    expect(await silent.listPrepared('test')).toEqual([]);
  });
});

describe('raising a fence', () => {
  // Protocol: I13
  it('waits out a participant that holds it, but not for ever', async () => {
    const migrationUuid = newUuid();
    const id = await prepared({ migrationUuid, epoch: 1 });
    expect(await rejection(settlement.raiseFence(newUuid(), migrationUuid, 2))).toMatchObject({
      code: 'LOCK_TIMEOUT',
      context: { migration_uuid: migrationUuid, lock_timeout_ms: 100 },
      retryable: true,
    });
    await settlement.rollbackPrepared(id);
    await settlement.raiseFence(newUuid(), migrationUuid, 2);
    const late = await adapter.openParticipant(endpointAt(database.url), participantSpec({ migrationUuid, epoch: 1 }));
    open.push(late);
    expect(await rejection(late.begin())).toMatchObject({ code: 'FENCED' });
  });
});

describe('ending backends', () => {
  // Protocol: I12
  it('ends those of older epochs of the run, frees what they held, and leaves all others', async () => {
    const [runUuid, otherRun] = [newUuid(), newUuid()];
    const dead = await begun({ runUuid, epoch: 1, number: 0 });
    await dead.run(sql('CREATE TABLE left_behind (id int)'));
    const other = await begun({ runUuid: otherRun, epoch: 1 });
    const current = await begun({ runUuid, epoch: 2, number: 0 });
    expect(await settlement.endBackends(runUuid, 2)).toBe(1);
    expect(await rejection(dead.run(sql('SELECT 1')))).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    for (const alive of [other, current]) {
      expect((await alive.run(sql('SELECT 1 AS one'))).rows).toEqual([{ one: 1 }]);
    }
    expect(await settlement.endBackends(runUuid, 2)).toBe(0);
    await withClient(database.url, (client) => client.query('CREATE TABLE left_behind (id int)'));
  });
});
