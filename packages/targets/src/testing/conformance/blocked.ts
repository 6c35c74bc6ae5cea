import { expect } from '@jest/globals';
import type { ParticipantSession, ParticipantSpec } from '@eden/domain';
import { WATCHED_LOCK_TIMEOUT_MS, newUuid } from '../fixtures.js';
import type { Chapter } from './case.js';
import { eachWay, type Way } from './ways.js';
import { failure, type Failure, type World } from './world.js';

const needs = ['transactions'] as const;

/** The wire form that every kind gives of whoever stands in the way; null is what it cannot know. */
const OF_A_BLOCKER = ['age_ms', 'application', 'database', 'pid', 'prepared_id', 'query', 'user'];

export const BLOCKED: Chapter = {
  name: 'whoever is blocked',
  cases: [
    { name: 'by a participant of the same migration is told by whom', needs, run: sameMigration },
    {
      name: 'by a lock is told by whom while waiting, and goes on when it is free',
      needs: ['transactions', 'server'],
      run: toldWhileWaiting,
    },
    { name: 'by a lock that stays taken is told by whom, and may try again', needs, run: lockTimeout },
    { name: 'by a prepared transaction is told its id', needs: ['prepares'], run: preparedBlocker },
    ...eachWay('by a lock within a savepoint goes on behind it and commits', goesOn),
    { name: 'by somebody whom he blocks may try again, and the other one goes on', needs, run: deadlock },
    { name: 'by nobody, but wrong, need not try again', needs, run: notBlocked },
  ],
};

/** Exactly one session, known by its number. */
function expectOneSession(blockers: unknown): void {
  expect((blockers as readonly object[]).map((blocker) => Object.keys(blocker).toSorted())).toEqual([OF_A_BLOCKER]);
  expect(blockers).toMatchObject([{ pid: expect.any(Number), prepared_id: null }]);
}

async function sameMigration(world: World): Promise<void> {
  const migrationUuid = newUuid();
  await world.begun({ migrationUuid });
  const second = await world.participant({ migrationUuid, epoch: 2, gateTimeoutMs: WATCHED_LOCK_TIMEOUT_MS });
  const error = await failure(second.begin());
  expect(error).toMatchObject({
    code: 'LOCK_TIMEOUT',
    retryable: true,
    context: {
      endpoint_id: world.endpoint.id,
      migration_uuid: migrationUuid,
      lock_timeout_ms: WATCHED_LOCK_TIMEOUT_MS,
    },
  });
  expectOneSession(error.context['blockers']);
}

async function toldWhileWaiting(world: World): Promise<void> {
  const holder = await world.heldTable();
  let tell: ParticipantSpec['onBlocked'] = () => undefined;
  const told = new Promise<Parameters<typeof tell>[0]>((resolve) => (tell = resolve));
  const session = await world.begun({ onBlocked: tell });
  const running = session.run(world.language.insert(1), { lockTimeoutMs: 60_000 });
  const blocked = await told;
  expect(blocked).toEqual({ endpoint_id: world.endpoint.id, blockers: expect.any(Array) });
  expectOneSession(blocked.blockers);
  await holder.close();
  expect((await running).rowCount).toBe(1);
}

async function lockTimeout(world: World): Promise<void> {
  await world.heldTable();
  const session = await world.begun();
  const error = await failure(session.run(world.language.insert(1), { lockTimeoutMs: WATCHED_LOCK_TIMEOUT_MS }));
  expect(error).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED', retryable: true });
  expectOneSession(error.context['blockers']);
}

async function preparedBlocker(world: World): Promise<void> {
  const holder = await world.begun();
  await holder.run(world.language.lockTable);
  await holder.prepare();
  const session = await world.begun();
  const error = await failure(session.run(world.language.readAll, { lockTimeoutMs: WATCHED_LOCK_TIMEOUT_MS }));
  await (await world.settlement()).rollbackPrepared(holder.preparedId);
  expect(error).toMatchObject({
    code: 'TEMPLATE_EXECUTION_FAILED',
    retryable: true,
    context: { blockers: [{ pid: null, prepared_id: holder.preparedId }] },
  });
}

async function goesOn(world: World, way: Way): Promise<void> {
  const { insert } = world.language;
  const session = await world.begun();
  const holder = await world.heldTable();
  await session.savepoint();
  expect(await failure(session.run(insert(1), { lockTimeoutMs: 50 }))).toMatchObject({ retryable: true });
  await session.rollbackToSavepoint();
  await holder.close();
  await session.savepoint();
  await session.run(insert(1));
  await session.releaseSavepoint();
  await way.vote(session);
  await way.commit(session);
  expect(await world.database.ids()).toEqual([1]);
}

/** Each inserts the id that the other one has just inserted. */
async function deadlock(world: World): Promise<void> {
  const [first, second] = [await world.atWork(1), await world.atWork(2)];
  const crossing = [insertOrClose(world, first, 2), insertOrClose(world, second, 1)];
  const answers = await Promise.all(crossing);
  expect(answers.filter((answer) => answer === 'inserted')).toHaveLength(1);
  expect(answers.find((answer) => answer !== 'inserted')).toMatchObject({
    code: 'TEMPLATE_EXECUTION_FAILED',
    retryable: true,
  });
}

async function insertOrClose(world: World, session: ParticipantSession, id: number): Promise<Failure | 'inserted'> {
  const inserting = session.run(world.language.insert(id), { lockTimeoutMs: 60_000 });
  try {
    await inserting;
    return 'inserted';
  } catch {
    await session.close();
    return failure(inserting);
  }
}

async function notBlocked(world: World): Promise<void> {
  const session = await world.begun();
  const error = await failure(session.run(world.language.failing));
  expect(error).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED', retryable: false });
  expect(error.context).toMatchObject({ endpoint_id: world.endpoint.id, message: expect.stringMatching(/./) });
  expect(error.context).not.toHaveProperty('blockers');
}
