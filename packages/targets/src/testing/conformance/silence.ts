import { expect } from '@jest/globals';
import type { DatabaseIdentity, ParticipantSession, Settlement } from '@eden/domain';
import { newUuid } from '../fixtures.js';
import type { Ability } from './abilities.js';
import type { Case, Chapter } from './case.js';
import { OPENINGS } from './openings.js';
import { failure, type FragileWay, type World } from './world.js';

/*
 * The network swallows everything and closes nothing. Jest's limit is the outermost bound: a call that has none of its
 * own never comes back.
 */

const UNAVAILABLE = { code: 'ENDPOINT_UNAVAILABLE', retryable: true };

const HASTY_MS = 300;

const openings = OPENINGS.map(({ name, needs, call }): Case => ({
  name: `from the beginning: ${name} is unavailable`,
  needs,
  run: async (world) => {
    const { endpoint, network } = await world.fragileWay();
    network.pause();
    const hasty = world.adapterWith({ connectMs: HASTY_MS });
    expect(await failure(call(hasty, endpoint, world.language))).toMatchObject(UNAVAILABLE);
  },
}));

type SettlementCall = (settlement: Settlement, here: DatabaseIdentity) => Promise<unknown>;

const SETTLEMENT_CALLS: Readonly<Record<Exclude<keyof Settlement, 'close'>, SettlementCall>> = {
  isAt: (settlement, here) => settlement.isAt(here),
  listPrepared: (settlement) => settlement.listPrepared('silent'),
  commitPrepared: (settlement) => settlement.commitPrepared('silent'),
  rollbackPrepared: (settlement) => settlement.rollbackPrepared('silent'),
  readLedger: (settlement) => settlement.readLedger(newUuid()),
  deleteLedger: (settlement) => settlement.deleteLedger(newUuid()),
  raiseFence: (settlement) => settlement.raiseFence(newUuid(), newUuid(), 1),
  endBackends: (settlement) => settlement.endBackends(newUuid(), 1),
};

const settlementCalls = Object.entries(SETTLEMENT_CALLS).map(([name, call]): Case => ({
  name: `a settlement’s ${name} is unavailable, and works when the target is back`,
  needs: ['transactions'],
  run: async (world) => {
    const here = await world.adapter.identify(world.endpoint);
    const { endpoint, network } = await world.fragileWay();
    const settlement = await world.settlement({ endpoint, adapter: world.adapterWith({ answerMs: HASTY_MS }) });
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

/** What has a bound of its own: behind the vote nobody may wait for ever. */
const BOUNDED: readonly ParticipantCall[] = [
  { name: 'commit', before: votes('recordOutcome'), call: (session) => session.commit() },
  {
    name: 'commitPrepared',
    needs: ['prepares'],
    before: votes('prepare'),
    call: (session) => session.commitPrepared(),
  },
];

/** What lasts as long as its work may last: whoever waits no longer closes the session. */
const GIVEN_UP: readonly ParticipantCall[] = [
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
async function participantBefore(world: World, { before }: ParticipantCall) {
  const { endpoint, network }: FragileWay = await world.fragileWay();
  const adapter = world.adapterWith({ answerMs: HASTY_MS });
  const session = await world.participant({}, { endpoint, adapter });
  await before(session, world);
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

const givenUpCalls = GIVEN_UP.map((each): Case => ({
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

/** The statement is known to be at the server, because it waits there. */
async function run(world: World): Promise<void> {
  await world.heldTable();
  const { endpoint, network } = await world.fragileWay();
  const adapter = world.adapterWith({ connectMs: 5000 });
  const session = await world.participant({ lockTimeoutMs: 60_000 }, { endpoint, adapter });
  await session.begin();
  const underWay = failure(session.run(world.language.insert(1)));
  await world.whenWaiting(1);
  network.pause();
  await session.close();
  expect(await underWay).toMatchObject(UNAVAILABLE);
}

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
  cases: [
    ...openings,
    ...settlementCalls,
    ...boundedCalls,
    ...givenUpCalls,
    { name: 'a participant’s run is unavailable once its session is closed', needs: ['transactions'], run },
    { name: 'a participant closes all the same', needs: ['transactions'], run: close },
    { name: 'a settlement closes all the same', needs: ['transactions'], run: closeSettlement },
  ],
};
