import { expect } from '@jest/globals';
import { eventually } from '@eden/testkit';
import { knownRun, newUuid } from '../fixtures.js';
import type { Chapter } from './case.js';
import { failure, hasCommitted, type World } from './world.js';

export const SETTLEMENTS: Chapter = {
  name: 'a settlement',
  cases: [
    { name: 'knows its own database from another', needs: ['transactions'], run: whereIs },
    { name: 'finds ids missing that it never knew', needs: ['transactions'], run: missing },
    { name: 'finds ids missing that are settled already', needs: ['prepares'], run: settledAlready },
    { name: 'settles once what two of them settle at a time', needs: ['prepares'], run: twoAtATime },
    { name: 'lists the prepared transactions of one installation in its database', needs: ['prepares'], run: list },
    { name: 'removes the ledger of one run', needs: ['transactions'], run: deleteLedger },
    {
      name: 'keeps the ledger of an attempt that another control database has made',
      needs: ['transactions'],
      run: foreignLedger,
    },
    { name: 'ends the sessions of older epochs of one run', needs: ['transactions'], run: endBackends },
    { name: 'goes on with a new session when its own was ended', needs: ['transactions'], run: newSession },
  ],
};

async function whereIs(world: World): Promise<void> {
  const here = await world.adapter.identify(world.endpoint);
  const elsewhere = world.endpointOf(await world.newDatabase());
  expect(await (await world.settlement()).whereIs(here)).toBe('here');
  expect(await (await world.settlement({ endpoint: elsewhere })).whereIs(here)).toBe('elsewhere');
}

async function missing(world: World): Promise<void> {
  const settlement = await world.settlement();
  const { preparedId } = await world.participant();
  for (const id of [preparedId, 'nobody’s', `${preparedId}'"\`;--`]) {
    expect(await settlement.commitPrepared(id)).toBe('missing');
    expect(await settlement.rollbackPrepared(id)).toBe('missing');
  }
}

async function settledAlready(world: World): Promise<void> {
  const settlement = await world.settlement();
  const session = await world.begun();
  await session.prepare();
  expect(await settlement.commitPrepared(session.preparedId)).toBe('committed');
  expect(await settlement.commitPrepared(session.preparedId)).toBe('missing');
  expect(await settlement.rollbackPrepared(session.preparedId)).toBe('missing');
}

/** One may find the other just at it, and asks again. */
async function twoAtATime(world: World): Promise<void> {
  const settlements = await Promise.all([world.settlement(), world.settlement()]);
  const { preparedId, ...session } = await preparedAt(world, 1);
  await session.close();
  const answers = await Promise.all(
    settlements.map((settlement) => eventually(() => settlement.commitPrepared(preparedId))),
  );
  expect(answers.toSorted()).toEqual(['committed', 'missing']);
  expect(await world.database.ids()).toEqual([1]);
}

async function preparedAt(world: World, id: number) {
  const session = await world.atWork(id);
  await session.prepare();
  return { preparedId: session.preparedId, close: () => session.close() };
}

async function list(world: World): Promise<void> {
  const other = world.endpointOf(await world.newDatabase());
  await world.adapter.install(other, newUuid());
  const elsewhere = await world.settlement({ endpoint: other });
  const settlement = await world.settlement();
  const runUuid = newUuid();
  const ours = await world.begun({ installation: 'mine', runUuid, epoch: 4, number: 2 });
  const longer = await world.begun({ installation: 'mine-too' });
  const away = await world.participant({ installation: 'mine' }, { endpoint: other });
  await away.begin();
  for (const session of [ours, longer, away]) await session.prepare();
  const { role } = await world.adapter.inspect(world.endpoint);
  const parts = { installation: 'mine', runUuid, epoch: 4, number: 2, token: expect.stringMatching(/^[0-9a-f]{16}$/) };
  expect(await settlement.listPrepared('mine')).toEqual([
    { ...parts, preparedId: ours.preparedId, role, preparedAt: expect.any(Date), xidAge: expect.any(Number) },
  ]);
  expect(await settlement.listPrepared('min')).toEqual([]);
  for (const { preparedId } of [ours, longer]) await settlement.rollbackPrepared(preparedId);
  await elsewhere.rollbackPrepared(away.preparedId);
  expect(await settlement.listPrepared('mine')).toEqual([]);
}

async function deleteLedger(world: World): Promise<void> {
  const settlement = await world.settlement();
  const [gone, kept] = [newUuid(), newUuid()];
  for (const runUuid of [gone, kept]) await world.commits({ runUuid });
  await settlement.deleteLedger(knownRun(gone));
  await settlement.deleteLedger(knownRun(gone));
  expect(await hasCommitted(settlement, gone, 1, 0)).toBe(false);
  expect(await hasCommitted(settlement, kept, 1, 0)).toBe(true);
}

async function foreignLedger(world: World): Promise<void> {
  const settlement = await world.settlement();
  const runUuid = newUuid();
  await world.commits({ runUuid, token: 'fedcba9876543210' });
  await settlement.deleteLedger(knownRun(runUuid));
  await settlement.deleteLedger({ ...knownRun(runUuid), token: '' });
  expect(await hasCommitted(settlement, runUuid, 1, 0)).toBe(true);
}

async function endBackends(world: World): Promise<void> {
  const { language } = world;
  const settlement = await world.settlement();
  const runUuid = newUuid();
  const dead = await world.begun({ runUuid, epoch: 1 });
  await dead.run(language.lockTable);
  const others = [await world.begun(), await world.begun({ runUuid, epoch: 2 })];
  expect(await settlement.endBackends(runUuid, 2)).toBe(1);
  expect(await settlement.endBackends(runUuid, 2)).toBe(0);
  expect(await failure(dead.run(language.readAll))).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE', retryable: true });
  for (const alive of others) expect((await alive.run(language.readAll)).rows).toEqual([]);
}

async function newSession(world: World): Promise<void> {
  const settlement = await world.settlement();
  await world.database.endSessions();
  expect(await eventually(() => hasCommitted(settlement, newUuid(), 1, 0))).toBe(false);
}
