import { expect } from '@jest/globals';
import { CommittedBefore } from '@eden/domain';
import { eventually } from '@eden/testkit';
import { committed, newUuid } from '../fixtures.js';
import type { Chapter } from './case.js';
import { eachWay, type Way } from './ways.js';
import { failureOf, type World } from './world.js';

const needs = ['transactions'] as const;

export const IDENTITIES: Chapter = {
  name: 'a database',
  cases: [
    { name: 'is shown to be the one in which a lock is held, and no other', needs, run: proof },
    ...eachWay('shows the lock of a participant until that has ended', proofOfParticipant),
    { name: 'gets an id of its own once, in place of the one that it is known by', needs, run: renewal },
    ...eachWay('in which a run has committed begins nothing of that run any more', committedBefore),
    { name: 'tells its newest fence and the ledger of a run at one moment', needs, run: fenceAndLedger },
  ],
};

async function proof(world: World): Promise<void> {
  const { adapter, endpoint, database } = world;
  const other = world.endpointOf(await world.newDatabase());
  let held = '';
  const sightings = await adapter.withProof(endpoint, (proof) => {
    held = proof;
    return Promise.all([endpoint, world.endpointOf(database), other].map((each) => adapter.findProof(each, held)));
  });
  expect(sightings).toEqual(['held', 'held', 'not held']);
  await eventually(async () => expect(await adapter.findProof(endpoint, held)).toBe('not held'));
}

async function proofOfParticipant(world: World, way: Way): Promise<void> {
  const { adapter, endpoint } = world;
  const session = await world.begun();
  const held = await session.holdProof();
  expect(await adapter.findProof(endpoint, held)).toBe('held');
  await way.vote(session);
  await way.commit(session);
  await session.close();
  expect(await adapter.findProof(endpoint, held)).toBe('not held');
}

async function renewal(world: World): Promise<void> {
  const { adapter } = world;
  const database = await world.newDatabase();
  await adapter.install(world.endpointOf(database), newUuid());
  const shared = await adapter.identify(world.endpointOf(database));
  expect(await adapter.renewIdentity(world.endpointOf(database), shared)).toBe(true);
  const own = await adapter.identify(world.endpointOf(database));
  expect(own).toEqual({ ...shared, key: expect.not.stringContaining(shared.key) });
  expect(await adapter.renewIdentity(world.endpointOf(database), shared)).toBe(false);
  expect(await adapter.identify(world.endpointOf(database))).toEqual(own);
}

async function committedBefore(world: World, way: Way): Promise<void> {
  const [runUuid, migrationUuid, token] = [newUuid(), newUuid(), 'fedcba9876543210'];
  const session = await world.begun({ runUuid, migrationUuid, token });
  await way.vote(session);
  await way.commit(session);
  for (const epoch of [1, 2]) {
    const again = await world.participant({ runUuid, migrationUuid, epoch });
    const error = await failureOf(again.begin());
    expect(error).toBeInstanceOf(CommittedBefore);
    expect(error).toHaveProperty('token', token);
    await again.close();
  }
  await world.begun({ migrationUuid });
}

async function fenceAndLedger(world: World): Promise<void> {
  const settlement = await world.settlement();
  const [runUuid, migrationUuid] = [newUuid(), newUuid()];
  expect(await settlement.raiseFence(runUuid, migrationUuid, 2)).toEqual({ fence: 2, ledger: [] });
  await world.commits({ runUuid, migrationUuid, epoch: 3, number: 4 });
  expect(await settlement.raiseFence(runUuid, migrationUuid, 2)).toEqual({ fence: 3, ledger: [committed(3, 4)] });
  expect(await settlement.raiseFence(newUuid(), migrationUuid, 5)).toEqual({ fence: 5, ledger: [] });
  expect(await settlement.readLedger(runUuid)).toEqual([committed(3, 4)]);
}
