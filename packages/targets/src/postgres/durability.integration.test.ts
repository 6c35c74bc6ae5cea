import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ParticipantSession } from '@eden/domain';
import { eventually, testSandbox, withClient } from '@eden/testkit';
import { createTargets } from '../index.js';
import { PATIENT, REACH, endpointAt, newUuid, participantSpec, rejection, sql } from '../testing/fixtures.js';

/*
 * A server whose commits are lazy by default, and whose synchronous standby is not there: whatever is durable before it
 * is answered waits for it, and nothing else does.
 */

const PATIENCE = { answerTimeoutMs: 60_000, silenceMs: 60_000, fenceWaitMs: 60_000 };

const targets = createTargets({ postgres: { ...PATIENT, ...PATIENCE }, reach: REACH });
const adapter = targets.adapter('Postgres');
const participants: ParticipantSession[] = [];
let url: string;

beforeAll(async () => {
  const settings = { synchronous_commit: 'off', max_prepared_transactions: '8', max_wal_senders: '2' };
  const server = await (await testSandbox()).startPostgres({ name: 'lazy', settings });
  url = server.url();
  await adapter.install(endpointAt(url), newUuid());
  await query('CREATE TABLE item (id int)');
});

afterEach(async () => {
  await standby('');
  await Promise.all(participants.splice(0).map((participant) => participant.close()));
});

afterAll(() => targets.close());

function query(text: string): Promise<readonly unknown[]> {
  return withClient(url, async (client) => (await client.query(text)).rows);
}

/** Makes commits that are not lazy wait for a standby of this name; for none when it is empty. */
async function standby(name: string): Promise<void> {
  await query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
  await query('SELECT pg_reload_conf()');
  await eventually(async () =>
    expect(await query('SHOW synchronous_standby_names')).toEqual([{ synchronous_standby_names: name }]),
  );
  // The process that tells the others reads its configuration in its own time.
  await eventually(async () => expect(await waitsForStandby('SET synchronous_commit = on')).toBe(name !== ''));
}

/** Whether a commit behind `opening` waits for the standby. */
function waitsForStandby(opening: string): Promise<boolean> {
  return withClient(url, async (client) => {
    await client.query(`${opening}; SET application_name = 'probe'`);
    const inserted = client.query('INSERT INTO item VALUES (0)');
    const waits = await isWaiting(inserted, 'probe');
    if (waits) await query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'probe'");
    await inserted;
    return waits;
  });
}

/** Whether `work` is waiting for the standby, or has ended without. */
async function isWaiting(work: Promise<unknown>, application: string): Promise<boolean> {
  let ended = false;
  void work.finally(() => (ended = true));
  await eventually(async () => {
    const waiting = await query(
      `SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name LIKE '${application}%'`,
    );
    expect(ended || waiting.length === 1).toBe(true);
  });
  return !ended;
}

async function expectToWait(work: Promise<unknown>, application: string): Promise<void> {
  expect(await isWaiting(work, application)).toBe(true);
  await standby('');
  await work;
}

/** On the same server; its commits are not lazy. */
async function eagerDatabase(): Promise<string> {
  await query('CREATE DATABASE eager');
  await query('ALTER DATABASE eager SET synchronous_commit = on');
  const eager = new URL(url);
  eager.pathname = '/eager';
  return eager.href;
}

async function atItsEnd(of = adapter): Promise<ParticipantSession> {
  const participant = await of.openParticipant(endpointAt(url), participantSpec());
  participants.push(participant);
  await participant.begin();
  await participant.run(sql('SET LOCAL synchronous_commit = off'));
  await participant.run(sql('INSERT INTO item VALUES (1)'));
  return participant;
}

describe('where commits are lazy, by default and in the template', () => {
  it('they are', async () => {
    await standby('absent');
    expect(await waitsForStandby('SELECT 1')).toBe(false);
    expect(await waitsForStandby('SET synchronous_commit = on')).toBe(true);
  });

  it('a vote is not', async () => {
    const participant = await atItsEnd();
    await standby('absent');
    await expectToWait(participant.prepare(), 'eden/');
    expect(await participant.commitPrepared()).toBe('committed');
  });

  it('the commit of a last resource is not', async () => {
    const participant = await atItsEnd();
    await participant.recordOutcome();
    await standby('absent');
    await expectToWait(participant.commit(), 'eden/');
  });

  it('a fence is not', async () => {
    const settlement = await adapter.openSettlement(endpointAt(url));
    await standby('absent');
    await expectToWait(settlement.raiseFence(newUuid(), newUuid(), 1), 'eden settlement');
    await settlement.close();
  });
});

describe('a synchronous standby that stays away', () => {
  const details = expect.stringContaining('synchronous standby');
  const hasty = createTargets({ postgres: { ...PATIENT, silenceMs: 300 }, reach: REACH });

  afterAll(() => hasty.close());

  it('is what a vote says that it has waited for', async () => {
    const participant = await atItsEnd(hasty.adapter('Postgres'));
    await standby('absent');
    expect(await rejection(participant.prepare())).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
      context: { details },
    });
    await standby('');
    const settlement = await adapter.openSettlement(endpointAt(url));
    await eventually(() => settlement.rollbackPrepared(participant.preparedId));
    await settlement.close();
  });

  it('is what an execution says that it may have waited for', async () => {
    const options = { readOnly: false, gate: null, lockTimeoutMs: 100, statementTimeoutMs: 2000, idleTimeoutMs: 0 };
    const execution = await adapter.openExecution(endpointAt(await eagerDatabase()), options);
    await execution.enter();
    await execution.run(sql('CREATE TABLE item (id int)'));
    await standby('absent');
    const failed = await rejection(execution.commit());
    await execution.abandon();
    expect(failed).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE', retryable: true, context: { details } });
  });
});
