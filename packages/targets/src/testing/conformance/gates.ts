import { expect } from '@jest/globals';
import type { ExecutionSession } from '@eden/domain';
import { WATCHED_LOCK_TIMEOUT_MS, gate, newUuid } from '../fixtures.js';
import type { Chapter } from './case.js';
import { eachWay, type Way } from './ways.js';
import { failure, type World } from './world.js';

const needs = ['transactions', 'gates'] as const;

export const GATES: Chapter = {
  name: 'the gate of an API',
  cases: [
    { name: 'is open up to its own version, and newer above', needs, run: versions },
    ...eachWay('stays as it was when its migration is undone', undone, ['gates']),
    ...eachWay('holds readers up until its migration has committed, and is newer then', awaited, ['gates']),
    {
      name: 'stays closed while its transaction is prepared, whose id a lock timeout names',
      needs: ['gates', 'prepares'],
      run: closedByPrepared,
    },
    { name: 'admits any number of readers, and no migration before they are through', needs, run: readersTogether },
    { name: 'lets no reader overtake a migration that waits', needs, run: inTurn },
  ],
};

/** Both ways to the gate answer alike. */
async function answers(world: World, schemaVersion: number, apiUuid = newUuid()): Promise<readonly unknown[]> {
  const options = { gate: gate(apiUuid, schemaVersion), readOnly: true };
  const inTurn = await (await world.execution(options)).enter();
  const atOnce = await (await world.execution(options)).readOnce(world.language.readAll);
  return [inTurn, atOnce];
}

const NEWER = ['newer', 'newer'];
const OPEN = ['open', { rows: [], rowCount: 0 }];

async function versions(world: World): Promise<void> {
  const { apiUuid } = await world.gateAt(5);
  expect(await answers(world, 4, apiUuid)).toEqual(NEWER);
  expect(await answers(world, 5, apiUuid)).toEqual(OPEN);
  expect(await answers(world, 6, apiUuid)).toEqual(OPEN);
  expect(await answers(world, 1)).toEqual(OPEN);
}

async function undone(world: World, way: Way): Promise<void> {
  const { apiUuid } = await world.gateAt(1);
  const session = await world.begun({ gates: [gate(apiUuid, 2)] });
  await way.vote(session);
  await session.close();
  await (await world.settlement()).rollbackPrepared(session.preparedId);
  expect(await answers(world, 1, apiUuid)).toEqual(OPEN);
}

async function awaited(world: World, way: Way): Promise<void> {
  const { apiUuid } = await world.gateAt(1);
  const session = await world.begun({ gates: [gate(apiUuid, 2)] });
  const known = { gate: gate(apiUuid, 1), readOnly: true };
  const inTurn = (await world.execution(known)).enter();
  const atOnce = (await world.execution(known)).readOnce(world.language.readAll);
  await world.whenWaiting(2);
  await way.vote(session);
  await way.commit(session);
  expect(await Promise.all([inTurn, atOnce])).toEqual(NEWER);
}

async function closedByPrepared(world: World): Promise<void> {
  const { apiUuid } = await world.gateAt(1);
  const session = await world.begun({ gates: [gate(apiUuid, 2)] });
  await session.prepare();
  await session.close();
  const enterings: readonly ((reader: ExecutionSession) => Promise<unknown>)[] = [
    (reader) => reader.enter(),
    (reader) => reader.readOnce(world.language.readAll),
  ];
  for (const enter of enterings) {
    const reader = await world.execution({ gate: gate(apiUuid, 1), readOnly: true, lockTimeoutMs: 50 });
    expect(await failure(enter(reader))).toMatchObject({
      code: 'LOCK_TIMEOUT',
      retryable: true,
      context: { api_uuid: apiUuid, lock_timeout_ms: 50, blockers: [{ prepared_id: session.preparedId }] },
    });
  }
  await (await world.settlement()).commitPrepared(session.preparedId);
  expect(await answers(world, 1, apiUuid)).toEqual(NEWER);
}

async function inTurn(world: World): Promise<void> {
  const apiUuid = newUuid();
  const first = await world.entered({ gate: gate(apiUuid, 1) });
  const migration = await world.participant({ gates: [gate(apiUuid, 2)], gateTimeoutMs: 60_000 });
  const begun = migration.begin();
  await world.whenWaiting(1);
  const late = await world.execution({ gate: gate(apiUuid, 1), lockTimeoutMs: 50 });
  expect(await failure(late.enter())).toMatchObject({ code: 'LOCK_TIMEOUT' });
  await first.commit();
  await begun;
}

async function readersTogether(world: World): Promise<void> {
  const apiUuid = newUuid();
  const readers = await Promise.all([1, 2, 3].map(() => world.entered({ gate: gate(apiUuid, 1) })));
  const gates = [gate(apiUuid, 2)];
  const early = await world.participant({ gates, gateTimeoutMs: WATCHED_LOCK_TIMEOUT_MS });
  const { code, context } = await failure(early.begin());
  expect({ code, blockers: (context['blockers'] as unknown[]).length }).toEqual({ code: 'LOCK_TIMEOUT', blockers: 3 });
  await early.close();
  await Promise.all(readers.map((reader) => reader.commit()));
  await world.begun({ gates });
}
