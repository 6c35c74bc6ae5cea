import { expect } from '@jest/globals';
import type { DatabaseIdentity, Endpoint, ParticipantSession, Settlement } from '@eden/domain';
import { knownRun, newUuid } from '../fixtures.js';
import type { Ability } from './abilities.js';
import type { Case, Chapter } from './case.js';
import type { Bounds } from './kind-under-test.js';
import { OPENINGS } from './openings.js';
import { failure, type FragileWay, type World } from './world.js';

/*
 * The network swallows everything and closes nothing. Jest's limit is the outermost bound: a call that has none of its
 * own never comes back.
 */

const UNAVAILABLE = { code: 'ENDPOINT_UNAVAILABLE', retryable: true };

/** Of a target that says nothing from the beginning. */
const AT_ONCE_MS = 300;
/** Of one that has to answer before it falls silent, on a busy machine too. */
const HASTY_MS = 1500;

/** A second session that is silent for so long may have needed so long to connect. */
const HASTY_TO_GIVE_UP: Partial<Bounds> = { connectMs: 3000, silenceMs: HASTY_MS };

const openings = OPENINGS.map(({ name, needs, whenSilent = [], call }): Case => ({
  name: `from the beginning: ${name} is unavailable`,
  needs: [...needs, ...whenSilent],
  run: async (world) => {
    const { endpoint, network } = await world.fragileWay();
    network.pause();
    const hasty = world.adapterWith({ connectMs: AT_ONCE_MS });
    expect(await failure(call(hasty, endpoint, world.language))).toMatchObject(UNAVAILABLE);
  },
}));

type SettlementCall = (settlement: Settlement, here: DatabaseIdentity) => Promise<unknown>;

const SETTLEMENT_CALLS: Readonly<Record<Exclude<keyof Settlement, 'close'>, SettlementCall>> = {
  whereIs: (settlement, here) => settlement.whereIs(here),
  listPrepared: (settlement) => settlement.listPrepared('silent'),
  commitPrepared: (settlement) => settlement.commitPrepared('silent'),
  rollbackPrepared: (settlement) => settlement.rollbackPrepared('silent'),
  readLedger: (settlement) => settlement.readLedger(newUuid()),
  deleteLedger: (settlement) => settlement.deleteLedger(knownRun(newUuid())),
  raiseFence: (settlement) => settlement.raiseFence(newUuid(), newUuid(), 1),
  endBackends: (settlement) => settlement.endBackends(newUuid(), 1),
};

const settlementCalls = Object.entries(SETTLEMENT_CALLS).map(([name, call]): Case => ({
  name: `a settlement’s ${name} is unavailable, and works when the target is back`,
  needs: ['transactions'],
  run: async (world) => {
    const here = await world.adapter.identify(world.endpoint);
    const { endpoint, network } = await world.fragileWay();
    const adapter = world.adapterWith({ answerMs: HASTY_MS });
    const settlement = await world.whenDone(() => world.settlement({ endpoint, adapter }));
    network.pause();
    expect(await failure(call(settlement, here))).toMatchObject(UNAVAILABLE);
    network.resume();
    await world.whenDone(() => call(settlement, here));
  },
}));

/** A call that may be under way when the target falls silent, and what comes before it. */
interface ParticipantCall {
  readonly name: string;
  readonly needs?: readonly Ability[];
  readonly before: (session: ParticipantSession, world: World) => Promise<unknown>;
  readonly call: (session: ParticipantSession, world: World) => Promise<unknown>;
}

const begin = (session: ParticipantSession) => session.begin();

/** What has a limit in time. */
const BOUNDED: readonly ParticipantCall[] = [
  { name: 'commit', before: votes('recordOutcome'), call: (session) => session.commit() },
  {
    name: 'commitPrepared',
    needs: ['prepares'],
    before: votes('prepare'),
    call: (session) => session.commitPrepared(),
  },
];

/** What lasts as long as its work may last: it is given up when nothing is heard of it, or its session is closed. */
const UNLIMITED: readonly ParticipantCall[] = [
  { name: 'begin', before: () => Promise.resolve(), call: begin },
  { name: 'rollbackToSavepoint', before: inSavepoint, call: (session) => session.rollbackToSavepoint() },
  { name: 'prepare', needs: ['prepares'], before: begin, call: (session) => session.prepare() },
  { name: 'recordOutcome', before: begin, call: (session) => session.recordOutcome() },
];

function votes(vote: 'prepare' | 'recordOutcome'): ParticipantCall['before'] {
  return async (session) => {
    await session.begin();
    await session[vote]();
  };
}

async function inSavepoint(session: ParticipantSession, { language }: World): Promise<void> {
  await session.begin();
  await session.savepoint();
  await failure(session.run(language.failing));
}

/** A participant that is about to make the call. */
async function participantBefore(world: World, { before }: ParticipantCall, bounds: Partial<Bounds> = {}) {
  const { endpoint, network }: FragileWay = await world.fragileWay();
  const adapter = world.adapterWith({ answerMs: HASTY_MS, ...bounds });
  const session = await world.whenDone(async () => {
    const begun = await world.participant({}, { endpoint, adapter });
    await before(begun, world);
    return begun;
  });
  return { network, session };
}

const boundedCalls = BOUNDED.map((each): Case => ({
  name: `a participant’s ${each.name} is unavailable`,
  needs: each.needs ?? ['transactions'],
  run: async (world) => {
    const { network, session } = await participantBefore(world, each);
    network.pause();
    expect(await failure(each.call(session, world))).toMatchObject(UNAVAILABLE);
    network.resume();
    await session.close();
    await (await world.settlement()).rollbackPrepared(session.preparedId);
  },
}));

const unlimitedCalls = UNLIMITED.map((each): Case => ({
  name: `a participant’s ${each.name} is unavailable once nothing is heard of it`,
  needs: each.needs ?? ['transactions'],
  run: async (world) => {
    const { network, session } = await participantBefore(world, each, HASTY_TO_GIVE_UP);
    network.pause();
    expect(await failure(each.call(session, world))).toMatchObject(UNAVAILABLE);
  },
}));

const closedCalls = UNLIMITED.map((each): Case => ({
  name: `a participant’s ${each.name} is unavailable once its session is closed`,
  needs: each.needs ?? ['transactions'],
  run: async (world) => {
    const { network, session } = await participantBefore(world, each);
    network.pause();
    const underWay = failure(each.call(session, world));
    await session.close();
    expect(await underWay).toMatchObject(UNAVAILABLE);
  },
}));

/** A participant that has begun, and waits for a lock as long as it takes. */
function waiting(world: World, endpoint: Endpoint, bounds: Partial<Bounds>): Promise<ParticipantSession> {
  const adapter = world.adapterWith(bounds);
  return world.whenDone(async () => {
    const session = await world.participant({ lockTimeoutMs: 60_000 }, { endpoint, adapter });
    await session.begin();
    return session;
  });
}

/** The statement is known to be at the server, because it waits there. */
async function underWay(world: World, bounds: Partial<Bounds> = {}) {
  await world.heldTable();
  const { endpoint, network } = await world.fragileWay();
  const session = await waiting(world, endpoint, { connectMs: 5000, ...bounds });
  const failed = failure(session.run(world.language.insert(1)));
  await world.whenWaiting(1);
  return { failed, network, session };
}

async function run(world: World): Promise<void> {
  const { failed, network, session } = await underWay(world);
  network.pause();
  await session.close();
  expect(await failed).toMatchObject(UNAVAILABLE);
}

async function givenUp(world: World): Promise<void> {
  const { failed, network } = await underWay(world, HASTY_TO_GIVE_UP);
  network.pause();
  expect(await failed).toMatchObject(UNAVAILABLE);
}

/** A second session can look at it, and sees that the server waits for the next statement. */
async function lostAnswer(world: World): Promise<void> {
  const holder = await world.heldTable();
  const { endpoint, network } = await world.fragileWay();
  const session = await waiting(world, endpoint, { silenceMs: HASTY_MS });
  const failed = failure(session.run(world.language.insert(1)));
  await world.whenWaiting(1);
  network.pauseOpen();
  await holder.close();
  expect(await failed).toMatchObject(UNAVAILABLE);
}

/** For longer than anything may be silent. */
async function atWork(world: World): Promise<void> {
  const session = await world.participant({}, { adapter: world.adapterWith({ silenceMs: HASTY_MS }) });
  await session.begin();
  expect(await session.run(world.language.slowish)).toMatchObject({ rowCount: 1 });
}

/** Of the pool, whose sessions are open already. */
const pooledCalls = OPENINGS.filter(({ pooled }) => pooled).map(({ name, needs, whenSilent = [], call }): Case => ({
  name: `from one moment to the next: ${name} is unavailable`,
  needs: [...needs, ...whenSilent],
  run: async (world) => {
    const { endpoint, network } = await world.fragileWay();
    const hasty = world.adapterWith({ answerMs: HASTY_MS });
    await world.whenDone(() => hasty.inspect(endpoint));
    network.pause();
    expect(await failure(call(hasty, endpoint, world.language))).toMatchObject(UNAVAILABLE);
  },
}));

/** With its transaction open and nothing under way. */
async function close(world: World): Promise<void> {
  const { endpoint, network } = await world.fragileWay();
  const session = await world.participant({}, { endpoint, adapter: world.adapterWith({ connectMs: 2000 }) });
  await session.begin();
  network.pause();
  await session.close();
}

async function closeSettlement(world: World): Promise<void> {
  const { endpoint, network } = await world.fragileWay();
  const settlement = await world.settlement({ endpoint });
  network.pause();
  await settlement.close();
}

export const SILENCE: Chapter = {
  name: 'a target that is silent',
  needs: ['server'],
  cases: [
    ...openings,
    ...pooledCalls,
    ...settlementCalls,
    ...boundedCalls,
    ...closedCalls,
    ...unlimitedCalls,
    { name: 'a participant’s run is unavailable once its session is closed', needs: ['transactions'], run },
    { name: 'a participant’s run is unavailable once nothing is heard of it', needs: ['transactions'], run: givenUp },
    { name: 'a participant’s run is unavailable once its answer is lost', needs: ['transactions'], run: lostAnswer },
    { name: 'but at work: a participant’s run is waited for', needs: ['transactions'], run: atWork },
    { name: 'a participant closes all the same', needs: ['transactions'], run: close },
    { name: 'a settlement closes all the same', needs: ['transactions'], run: closeSettlement },
  ],
};
