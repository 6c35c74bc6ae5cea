import { expect } from '@jest/globals';
import { knownRun, newUuid } from '../fixtures.js';
import type { Chapter } from './case.js';
import { eachWay, type Way } from './ways.js';
import { expectFencedAt, failure, hasCommitted, type World } from './world.js';

export const FENCES: Chapter = {
  name: 'a fence',
  cases: [
    ...eachWay('lets in its own and newer epochs, and no older one', epochs),
    { name: 'stops a participant that was opened before it was raised', needs: ['transactions'], run: zombie },
    ...eachWay('lets no vote pass that was on its way when its session was ended', lateVote),
    { name: 'waits for whoever holds it, whose late vote is then found', needs: ['prepares'], run: latePrepared },
    { name: 'is raised where nothing was ever installed', needs: ['transactions'], run: notInstalled },
  ],
};

async function epochs(world: World, way: Way): Promise<void> {
  const migrationUuid = newUuid();
  for (const epoch of [4, 4, 5]) {
    const session = await world.begun({ migrationUuid, epoch });
    await way.vote(session);
    await way.commit(session);
  }
  const older = await world.participant({ migrationUuid, epoch: 4 });
  expect(await failure(older.begin())).toMatchObject({
    code: 'FENCED',
    retryable: false,
    context: { endpoint_id: world.endpoint.id, migration_uuid: migrationUuid, epoch: 4 },
  });
}

async function zombie(world: World): Promise<void> {
  const settlement = await world.settlement();
  const migrationUuid = newUuid();
  const session = await world.participant({ migrationUuid, epoch: 1 });
  await settlement.raiseFence(newUuid(), migrationUuid, 2);
  await settlement.raiseFence(newUuid(), migrationUuid, 1);
  await expectFencedAt(session);
  await world.begun({ migrationUuid, epoch: 2 });
}

async function lateVote(world: World, way: Way): Promise<void> {
  const settlement = await world.settlement();
  const [runUuid, migrationUuid] = [newUuid(), newUuid()];
  const session = await world.atWork(1, { runUuid, migrationUuid, epoch: 1 });
  expect(await settlement.endBackends(runUuid, 2)).toBe(1);
  await settlement.raiseFence(newUuid(), migrationUuid, 2);
  expect(await failure(way.vote(session))).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
  expect(await settlement.rollbackPrepared(session.preparedId)).toBe('missing');
  expect(await hasCommitted(settlement, runUuid, 1, 0)).toBe(false);
  expect(await world.database.ids()).toEqual([]);
}

async function latePrepared(world: World): Promise<void> {
  const impatient = await world.settlement({ adapter: world.adapterWith({ fenceWaitMs: 100 }) });
  const [installation, migrationUuid] = ['late', newUuid()];
  const session = await world.begun({ installation, migrationUuid, epoch: 1 });
  const refused = { code: 'LOCK_TIMEOUT', retryable: true, context: { migration_uuid: migrationUuid } };
  expect(await failure(impatient.raiseFence(newUuid(), migrationUuid, 2))).toMatchObject(refused);
  await session.prepare();
  expect(await failure(impatient.raiseFence(newUuid(), migrationUuid, 2))).toMatchObject(refused);
  expect(await impatient.listPrepared(installation)).toMatchObject([{ preparedId: session.preparedId }]);
  expect(await impatient.rollbackPrepared(session.preparedId)).toBe('rolled back');
  await impatient.raiseFence(newUuid(), migrationUuid, 2);
  expect(await impatient.listPrepared(installation)).toEqual([]);
}

async function notInstalled(world: World): Promise<void> {
  const endpoint = world.endpointOf(await world.newDatabase());
  const settlement = await world.settlement({ endpoint });
  const migrationUuid = newUuid();
  expect(await hasCommitted(settlement, newUuid(), 1, 0)).toBe(false);
  await settlement.deleteLedger(knownRun(newUuid()));
  await settlement.raiseFence(newUuid(), migrationUuid, 2);
  await world.expectFenced({ migrationUuid, epoch: 1 }, endpoint);
}
