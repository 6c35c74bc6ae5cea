import { expect } from '@jest/globals';
import type { ParticipantSession, ParticipantSpec, Settlement } from '@eden/domain';
import { newUuid, participantSpec } from '../fixtures.js';
import type { Ability } from './abilities.js';
import type { Case, Chapter } from './case.js';
import { lostReplies } from './lost-replies.js';
import { failure, type FragileWay, hasCommitted, type World } from './world.js';

/** How far a participant has come when it is lost. */
interface Step {
  readonly name: string;
  readonly needs: readonly Ability[];
  reach(session: ParticipantSession, world: World): Promise<unknown>;
  readonly isPrepared?: true;
  readonly hasCommitted?: true;
}

const STEPS: readonly Step[] = [
  { name: 'is connected', needs: [], reach: () => Promise.resolve() },
  { name: 'has begun', needs: [], reach: (session) => session.begin() },
  { name: 'has worked', needs: [], reach: work },
  {
    name: 'has recorded its outcome',
    needs: [],
    reach: async (session, world) => {
      await work(session, world);
      await session.recordOutcome();
    },
  },
  {
    name: 'has committed',
    needs: [],
    hasCommitted: true,
    reach: async (session, world) => {
      await work(session, world);
      await session.recordOutcome();
      await session.commit();
    },
  },
  {
    name: 'has prepared',
    needs: ['prepares'],
    isPrepared: true,
    reach: async (session, world) => {
      await work(session, world);
      await session.prepare();
    },
  },
  {
    name: 'has committed what it had prepared',
    needs: ['prepares'],
    isPrepared: true,
    hasCommitted: true,
    reach: async (session, world) => {
      await work(session, world);
      await session.prepare();
      await session.commitPrepared();
    },
  },
];

async function work(session: ParticipantSession, world: World): Promise<void> {
  await session.begin();
  await session.run(world.language.insert(1));
}

interface Fault {
  readonly name: string;
  strike(world: World, way: FragileWay, spec: ParticipantSpec): Promise<unknown>;
}

/**
 * A worker that dies is a network that breaks: its connections are reset, and the server finds out in its own time. One
 * that is taken for dead loses its sessions at the server.
 */
const FAULTS: readonly Fault[] = [
  { name: 'its worker dies', strike: (_, { network }) => Promise.resolve(network.cut()) },
  {
    name: 'another worker ends its session',
    strike: async (world, _, { runUuid, epoch }) => (await world.settlement()).endBackends(runUuid, epoch + 1),
  },
];

export const CRASHES: Chapter = {
  name: 'a participant that is lost',
  cases: [
    ...FAULTS.flatMap((fault) => [
      ...STEPS.map((step) => undoneCase(step, fault)),
      ...STEPS.filter(({ isPrepared }) => isPrepared).map((step) => committedCase(step, fault)),
      ...waitingCases(fault),
    ]),
    ...lostReplies(),
  ],
};

/** A participant at its step, and lost. */
async function lose(world: World, step: Step, fault: Fault): Promise<ParticipantSpec & { preparedId: string }> {
  const way = await world.fragileWay();
  const spec = participantSpec();
  const session = await world.participant(spec, { endpoint: way.endpoint });
  await step.reach(session, world);
  await fault.strike(world, way, spec);
  return { ...spec, preparedId: session.preparedId };
}

function undoneCase(step: Step, fault: Fault): Case {
  const end = step.hasCommitted ? 'stays committed' : 'is undone';
  return {
    name: `when it ${step.name} and ${fault.name} ${end}, and holds nothing`,
    needs: ['transactions', ...step.needs],
    run: async (world) => {
      const spec = await lose(world, step, fault);
      await expectUndone(world, spec, step.hasCommitted === true);
    },
  };
}

function committedCase(step: Step, fault: Fault): Case {
  return {
    name: `when it ${step.name} and ${fault.name} is committed by another one, once`,
    needs: ['transactions', ...step.needs],
    run: async (world) => {
      const { preparedId, runUuid, epoch, number } = await lose(world, step, fault);
      const settlement = await world.settlement();
      expect(await settlement.commitPrepared(preparedId)).toBe(step.hasCommitted ? 'missing' : 'committed');
      expect(await settlement.commitPrepared(preparedId)).toBe('missing');
      expect(await hasCommitted(settlement, runUuid, epoch, number)).toBe(true);
      expect(await world.database.ids()).toEqual([1]);
    },
  };
}

/** In the middle of a call: it waits for a lock that somebody else has. */
function waitingCases(fault: Fault): readonly Case[] {
  return [
    {
      name: `in the middle of its begin when ${fault.name} is undone, and holds nothing`,
      needs: ['transactions'],
      run: async (world) => {
        const migrationUuid = newUuid();
        const inTheWay = await world.begun({ migrationUuid, runUuid: newUuid() });
        await loseWaiting(world, fault, participantSpec({ migrationUuid, epoch: 2 }), {
          begin: (session) => session.begin(),
          release: () => inTheWay.close(),
        });
      },
    },
    {
      name: `in the middle of a statement when ${fault.name} is undone, and holds nothing`,
      needs: ['transactions'],
      run: async (world) => {
        const holder = await world.heldTable();
        await loseWaiting(world, fault, participantSpec({ lockTimeoutMs: 60_000 }), {
          begin: (session) => work(session, world),
          release: () => holder.close(),
        });
      },
    },
  ];
}

interface Wait {
  begin(session: ParticipantSession): Promise<void>;
  release(): Promise<void>;
}

async function loseWaiting(world: World, fault: Fault, spec: ParticipantSpec, wait: Wait): Promise<void> {
  const way = await world.fragileWay();
  const session = await world.participant({ ...spec, gateTimeoutMs: 60_000 }, { endpoint: way.endpoint });
  const lost = failure(wait.begin(session));
  await world.whenWaiting(1);
  await fault.strike(world, way, spec);
  expect(await lost).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE', retryable: true });
  await wait.release();
  await expectUndone(world, { ...spec, preparedId: session.preparedId }, false);
}

/** Undoes it as recovery does, from a session of its own; then nothing is left but what had committed. */
async function expectUndone(
  world: World,
  spec: ParticipantSpec & { preparedId: string },
  isCommitted: boolean,
): Promise<void> {
  const settlement = await world.settlement();
  await undo(settlement, spec);
  const expected = isCommitted ? [1] : [];
  expect(await world.database.ids()).toEqual(expected);
  expect(await hasCommitted(settlement, spec.runUuid, spec.epoch, spec.number)).toBe(isCommitted);
  // A run that has committed here begins no more; another one of its migration does.
  const runUuid = isCommitted ? newUuid() : spec.runUuid;
  await world.expectFenced({ ...spec, runUuid });
  const next = { ...spec, runUuid, epoch: spec.epoch + 1 };
  await world.commits(next, (session) => session.run(world.language.lockTable, { lockTimeoutMs: 60_000 }));
}

async function undo(settlement: Settlement, spec: ParticipantSpec & { preparedId: string }): Promise<void> {
  await settlement.endBackends(spec.runUuid, spec.epoch + 1);
  await settlement.rollbackPrepared(spec.preparedId);
  await settlement.raiseFence(spec.runUuid, spec.migrationUuid, spec.epoch + 1);
  const left = await settlement.listPrepared(spec.installation);
  expect(left.filter(({ runUuid }) => runUuid === spec.runUuid)).toEqual([]);
}
