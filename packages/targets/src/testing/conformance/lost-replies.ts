import { expect } from '@jest/globals';
import { newUuid } from '../fixtures.js';
import type { Case } from './case.js';
import type { LostReply } from './kind-under-test.js';
import { failure, type FragileWay, hasCommitted, type World } from './world.js';

const UNAVAILABLE = { code: 'ENDPOINT_UNAVAILABLE', retryable: true };

/** The server has done what it was told; nobody hears it. */
export function lostReplies(): readonly Case[] {
  return [
    { name: 'with the reply to its vote is found prepared', needs: ['prepares'], run: prepare },
    {
      name: 'with the reply to its own commit of what it had prepared has committed',
      needs: ['prepares'],
      run: commitPrepared,
    },
    {
      name: 'with the reply to somebody’s commit of what it had prepared has committed',
      needs: ['prepares'],
      run: settle,
    },
    { name: 'with the reply to its commit as a last resource has committed', needs: ['transactions'], run: commit },
  ];
}

async function expectLost(
  world: World,
  way: FragileWay,
  reply: LostReply,
  call: () => Promise<unknown>,
): Promise<void> {
  const lost = way.network.dropReply(world.kind.replies[reply]);
  expect(await failure(call())).toMatchObject(UNAVAILABLE);
  await lost;
}

async function fragileParticipant(world: World) {
  const way = await world.fragileWay();
  const runUuid = newUuid();
  const session = await world.participant({ runUuid, installation: 'lost' }, way);
  await session.begin();
  await session.run(world.language.insert(1));
  return { way, runUuid, session };
}

async function prepare(world: World): Promise<void> {
  const { way, runUuid, session } = await fragileParticipant(world);
  await expectLost(world, way, 'prepare', () => session.prepare());
  const settlement = await world.settlement();
  const { preparedId } = session;
  expect(await settlement.listPrepared('lost')).toMatchObject([{ preparedId, runUuid }]);
  expect(await settlement.commitPrepared(preparedId)).toBe('committed');
  await expectCommitted(world, runUuid);
}

async function commitPrepared(world: World): Promise<void> {
  const { way, runUuid, session } = await fragileParticipant(world);
  await session.prepare();
  await expectLost(world, way, 'commitPrepared', () => session.commitPrepared());
  expect(await (await world.settlement()).commitPrepared(session.preparedId)).toBe('missing');
  await expectCommitted(world, runUuid);
}

async function settle(world: World): Promise<void> {
  const { way, runUuid, session } = await fragileParticipant(world);
  await session.prepare();
  await session.close();
  const settlement = await world.settlement(way);
  await expectLost(world, way, 'commitPrepared', () => settlement.commitPrepared(session.preparedId));
  expect(await settlement.commitPrepared(session.preparedId)).toBe('missing');
  await expectCommitted(world, runUuid);
}

async function commit(world: World): Promise<void> {
  const { way, runUuid, session } = await fragileParticipant(world);
  await session.recordOutcome();
  await expectLost(world, way, 'commit', () => session.commit());
  await expectCommitted(world, runUuid);
}

async function expectCommitted(world: World, runUuid: ReturnType<typeof newUuid>): Promise<void> {
  expect(await hasCommitted(await world.settlement(), runUuid, 1, 0)).toBe(true);
  expect(await world.database.ids()).toEqual([1]);
}
