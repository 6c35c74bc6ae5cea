import { expect } from '@jest/globals';
import type { ParticipantSession, Statement, StatementResult } from '@eden/domain';
import { newUuid } from '../fixtures.js';
import type { Chapter } from './case.js';
import { eachWay, type Way } from './ways.js';
import { failure, failureOf, hasCommitted, type World } from './world.js';

export const PARTICIPANTS: Chapter = {
  name: 'a participant',
  cases: [
    ...eachWay('takes its steps in their order only', order),
    ...eachWay('has its rows and its ledger exactly if it has committed', ledger),
    ...eachWay('that is closed before its commit has changed nothing', closed),
    ...eachWay('keeps what stands before a savepoint, and goes on behind it', savepoints),
    ...eachWay('has done what was sent ahead, and nothing behind one that failed', sentAhead),
    ...eachWay('whose statement failed cannot vote', failedVote),
    { name: 'ends a statement by its limit', needs: ['transactions'], run: slow },
    {
      name: 'that has prepared may be committed by others, and finds itself missing',
      needs: ['prepares'],
      run: byOthers,
    },
    { name: 'that has prepared may be rolled back by others', needs: ['prepares'], run: rolledBack },
  ],
};

async function order(world: World, way: Way): Promise<void> {
  const session = await world.participant();
  const refused = async (call: () => Promise<unknown>) => expect(Promise.resolve().then(call)).rejects.toThrow();
  await refused(() => session.run(world.language.readAll));
  await refused(() => way.vote(session));
  await session.begin();
  await refused(() => session.begin());
  await refused(() => way.commit(session));
  await way.vote(session);
  await refused(() => session.run(world.language.readAll));
  await refused(() => session.savepoint());
  await refused(() => way.vote(session));
  await way.commit(session);
  await refused(() => way.commit(session));
}

async function ledger(world: World, way: Way): Promise<void> {
  const settlement = await world.settlement();
  const runUuid = newUuid();
  const session = await world.atWork(1, { runUuid, epoch: 3, number: 2 });
  const isThere = async () => [await world.database.ids(), await hasCommitted(settlement, runUuid, 3, 2)];
  expect(await isThere()).toEqual([[], false]);
  await way.vote(session);
  expect(await isThere()).toEqual([[], false]);
  await way.commit(session);
  expect(await isThere()).toEqual([[1], true]);
  for (const [epoch, number] of [
    [2, 2],
    [4, 2],
    [3, 1],
  ] as const) {
    expect(await hasCommitted(settlement, runUuid, epoch, number)).toBe(false);
  }
  expect(await hasCommitted(settlement, newUuid(), 3, 2)).toBe(false);
}

async function closed(world: World, way: Way): Promise<void> {
  const settlement = await world.settlement();
  const runUuid = newUuid();
  const early = await world.atWork(1, { runUuid });
  await early.close();
  await early.close();
  const late = await world.atWork(1, { runUuid });
  await way.vote(late);
  await late.close();
  await settlement.rollbackPrepared(late.preparedId);
  expect(await world.database.ids()).toEqual([]);
  expect(await hasCommitted(settlement, runUuid, 1, 0)).toBe(false);
}

async function savepoints(world: World, way: Way): Promise<void> {
  const { insert, failing } = world.language;
  const session = await world.atWork(1);
  await session.savepoint();
  await session.run(insert(2));
  expect(await failure(session.run(failing))).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
  await session.rollbackToSavepoint();
  await session.run(insert(3));
  await session.releaseSavepoint();
  await session.savepoint();
  await session.run(insert(4));
  await session.releaseSavepoint();
  await way.vote(session);
  await way.commit(session);
  expect(await world.database.ids()).toEqual([1, 3, 4]);
}

/** What a kind does not send is run, as whoever sends ahead does it. */
async function sentAhead(world: World, way: Way): Promise<void> {
  const { insert, failing } = world.language;
  const session = await world.atWork(1);
  expect(await inTurn(session, [insert(2), insert(3), failing, insert(4)])).toEqual([1, 1, 'failed']);
  await session.rollbackToSavepoint();
  await session.run(insert(5));
  await session.releaseSavepoint();
  expect(await inTurn(session, [insert(6), insert(7)])).toEqual([1, 1]);
  await way.vote(session);
  await way.commit(session);
  expect(await world.database.ids()).toEqual([1, 2, 3, 5, 6, 7]);
}

/** The rows of each, up to one that fails. */
async function inTurn(session: ParticipantSession, statements: readonly Statement[]): Promise<readonly unknown[]> {
  const begun: number[] = [];
  const ahead = statements.map((statement, at) => ({ statement, limits: {}, begins: () => begun.push(at) }));
  const sent = await session.sendAhead(ahead);
  await Promise.allSettled(sent);
  const rows: unknown[] = [];
  for (const [at, statement] of statements.entries()) {
    const done = await failureOf((sent[at] ?? runOne(session, statement)).then(({ rowCount }) => rows.push(rowCount)));
    if (done !== undefined) {
      rows.push('failed');
      break;
    }
  }
  expect(begun).toEqual(sent.length === 0 ? [] : [...rows.keys()]);
  return rows;
}

async function runOne(session: ParticipantSession, statement: Statement): Promise<StatementResult> {
  await session.savepoint();
  const result = await session.run(statement);
  await session.releaseSavepoint();
  return result;
}

async function failedVote(world: World, way: Way): Promise<void> {
  const runUuid = newUuid();
  const session = await world.atWork(1, { runUuid });
  expect(await failure(session.run(world.language.failing))).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
  expect(await failure(way.vote(session))).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
  await session.close();
  const settlement = await world.settlement();
  expect(await settlement.rollbackPrepared(session.preparedId)).toBe('missing');
  expect(await hasCommitted(settlement, runUuid, 1, 0)).toBe(false);
  expect(await world.database.ids()).toEqual([]);
}

async function slow(world: World): Promise<void> {
  const session = await world.begun();
  expect(await failure(session.run(world.language.slow, { timeoutMs: 50 }))).toMatchObject({
    code: 'TEMPLATE_EXECUTION_FAILED',
    retryable: false,
  });
}

async function byOthers(world: World): Promise<void> {
  const settlement = await world.settlement();
  const runUuid = newUuid();
  const session = await world.atWork(1, { runUuid });
  await session.prepare();
  expect(await settlement.commitPrepared(session.preparedId)).toBe('committed');
  expect(await session.commitPrepared()).toBe('missing');
  expect(await hasCommitted(settlement, runUuid, 1, 0)).toBe(true);
  expect(await world.database.ids()).toEqual([1]);
}

async function rolledBack(world: World): Promise<void> {
  const settlement = await world.settlement();
  const runUuid = newUuid();
  const session = await world.atWork(1, { runUuid });
  await session.prepare();
  expect(await settlement.rollbackPrepared(session.preparedId)).toBe('rolled back');
  expect(await session.commitPrepared()).toBe('missing');
  expect(await hasCommitted(settlement, runUuid, 1, 0)).toBe(false);
  expect(await world.database.ids()).toEqual([]);
}
