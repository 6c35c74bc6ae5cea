import { expect } from '@jest/globals';
import type { Case, Chapter } from './case.js';
import { failure, type World } from './world.js';

const needs = ['transactions'] as const;
const FAILED = { code: 'TEMPLATE_EXECUTION_FAILED', retryable: false };

export const EXECUTIONS: Chapter = {
  name: 'an execution',
  cases: [
    { name: 'changes nothing before its commit, and all of it then', needs, run: commit },
    { name: 'that is abandoned leaves nothing, and may be abandoned again', needs, run: abandon },
    { name: 'that only reads cannot write', needs, run: readOnly },
    { name: 'reads at once as it reads in turn', needs, run: readOnce },
    { name: 'whose statement failed cannot be committed', needs, run: commitAfterFailure },
    ...bounded(),
    { name: 'whose session was ended is unavailable, and the next one works', needs, run: sessionEnded },
    { name: 'on an endpoint that is forgotten still comes to its end', needs, run: forgotten },
  ],
};

async function commit(world: World): Promise<void> {
  const session = await world.entered();
  await session.run(world.language.insert(1));
  await session.run(world.language.insert(2));
  expect((await session.run(world.language.readAll)).rows).toEqual([{ id: 1 }, { id: 2 }]);
  expect(await world.database.ids()).toEqual([]);
  await session.commit();
  expect(await world.database.ids()).toEqual([1, 2]);
}

async function abandon(world: World): Promise<void> {
  const session = await world.entered();
  await session.run(world.language.insert(1));
  await session.abandon();
  await session.abandon();
  expect(await world.database.ids()).toEqual([]);
}

async function readOnly(world: World): Promise<void> {
  const inTurn = await world.entered({ readOnly: true });
  expect(await failure(inTurn.run(world.language.insert(1)))).toMatchObject(FAILED);
  const atOnce = await world.execution({ readOnly: true });
  expect(await failure(atOnce.readOnce(world.language.insert(1)))).toMatchObject(FAILED);
  expect(await world.database.ids()).toEqual([]);
}

async function readOnce(world: World): Promise<void> {
  await world.commits({}, (session) => session.run(world.language.insert(3)));
  const inTurn = await world.entered({ readOnly: true });
  const expected = await inTurn.run(world.language.readAll);
  await inTurn.commit();
  expect(expected).toEqual({ rows: [{ id: 3 }], rowCount: 1 });
  const atOnce = await world.execution({ readOnly: true });
  expect(await atOnce.readOnce(world.language.readAll)).toEqual(expected);
  const failing = await world.execution({ readOnly: true });
  expect(await failure(failing.readOnce(world.language.failing))).toMatchObject(FAILED);
}

async function commitAfterFailure(world: World): Promise<void> {
  const session = await world.entered();
  await session.run(world.language.insert(1));
  expect(await failure(session.run(world.language.failing))).toMatchObject({
    ...FAILED,
    context: { endpoint_id: world.endpoint.id, message: expect.stringMatching(/./) },
  });
  expect(await failure(session.commit())).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
  await session.abandon();
  expect(await world.database.ids()).toEqual([]);
}

/** Each by the limits of the execution and by those of the statement. */
function bounded(): readonly Case[] {
  const limits = [
    ['its own', { statementTimeoutMs: 50, lockTimeoutMs: 50 }, {}],
    ['the statement’s', {}, { timeoutMs: 50, lockTimeoutMs: 50 }],
  ] as const;
  return limits.flatMap(([whose, options, ofStatement]) => [
    {
      name: `ends a slow statement by ${whose} limit`,
      needs,
      run: async (world: World) => {
        const session = await world.entered(options);
        expect(await failure(session.run(world.language.slow, ofStatement))).toMatchObject(FAILED);
      },
    },
    {
      name: `waits for a lock no longer than ${whose} limit, and may be tried again`,
      needs,
      run: async (world: World) => {
        await world.heldTable();
        const session = await world.entered({ ...options, statementTimeoutMs: 20_000 });
        const { lockTimeoutMs } = { lockTimeoutMs: 0, ...ofStatement };
        expect(await failure(session.run(world.language.readAll, { lockTimeoutMs }))).toMatchObject({
          ...FAILED,
          retryable: true,
        });
      },
    },
  ]);
}

async function sessionEnded(world: World): Promise<void> {
  const session = await world.entered();
  await session.run(world.language.insert(1));
  await world.database.endSessions();
  expect(await failure(session.run(world.language.readAll))).toMatchObject({
    code: 'ENDPOINT_UNAVAILABLE',
    retryable: true,
    context: { endpoint_id: world.endpoint.id },
  });
  await session.abandon();
  const next = await world.entered();
  expect((await next.run(world.language.readAll)).rows).toEqual([]);
  await next.commit();
}

async function forgotten(world: World): Promise<void> {
  const endpoint = world.endpointOf(world.database);
  const session = await world.entered({}, endpoint);
  await session.run(world.language.insert(1));
  await world.adapter.forget(endpoint.uuid);
  await session.commit();
  expect(await world.database.ids()).toEqual([1]);
}
