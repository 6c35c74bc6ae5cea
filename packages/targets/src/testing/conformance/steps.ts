import { expect } from '@jest/globals';
import { EdenError } from '@eden/domain';
import { eventually } from '@eden/testkit';
import type { BatchCheckpoint, BatchSession, OutsideSession, OutsideWork, Statement, Uuid } from '@eden/domain';
import { newUuid } from '../fixtures.js';
import type { Case, Chapter } from './case.js';
import { failure, type World } from './world.js';

const needs = ['steps'] as const;

/** One step of one run, at which workers are one after the other. */
class StepOfRun {
  private readonly run: { readonly runUuid: Uuid; readonly migrationUuid: Uuid; readonly apiUuid: Uuid } = {
    runUuid: newUuid(),
    migrationUuid: newUuid(),
    apiUuid: newUuid(),
  };

  constructor(
    private readonly world: World,
    private readonly statements: readonly Statement[],
    private readonly undo: readonly Statement[] | null,
    private readonly notes: Pick<OutsideWork, 'record' | 'unrecord'> = { record: [], unrecord: [] },
  ) {}

  async at<T>(epoch: number, work: (session: OutsideSession) => Promise<T>): Promise<T> {
    const { adapter, endpoint } = this.world;
    const step: OutsideWork = { statements: this.statements, undo: this.undo, ...this.notes };
    const session = await adapter.openOutside(endpoint, {
      ...this.run,
      epoch,
      number: 0,
      work: step,
      onBlocked: () => undefined,
    });
    return work(session).finally(() => session.close());
  }

  carryOut(epoch = 1): Promise<unknown> {
    return this.at(epoch, async (session) => session.carryOut());
  }

  compensate(epoch = 2): Promise<void> {
    return this.at(epoch, (session) => session.compensate());
  }
}

function stepOf(world: World, statement = world.language.insert(1)): StepOfRun {
  const undo = world.language.remove?.(1);
  return new StepOfRun(world, [statement], undo === undefined ? null : [undo]);
}

const done: Case['run'] = async (world) => {
  const step = stepOf(world);
  await step.carryOut();
  await step.carryOut();
  await step.carryOut(2);
  expect(await world.database.ids()).toEqual([1]);
};

const undone: Case['run'] = async (world) => {
  const step = stepOf(world);
  await step.carryOut();
  await step.compensate();
  await step.compensate(3);
  expect(await world.database.ids()).toEqual([]);
};

const neverDone: Case['run'] = async (world) => {
  await stepOf(world).compensate();
  expect(await world.database.ids()).toEqual([]);
};

const failed: Case['run'] = async (world) => {
  const step = stepOf(world, world.language.failing);
  expect(await failure(step.carryOut())).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED', retryable: false });
  await step.compensate();
  expect(await world.database.ids()).toEqual([]);
};

const closed: Case['run'] = async (world) => {
  const step = stepOf(world, world.language.slow);
  const outcome = await step.at(1, async (session) => {
    const running = failure(Promise.resolve(session.carryOut()));
    await session.close();
    await session.close();
    return running;
  });
  expect(outcome).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
};

function batchesOf({ batches }: OutsideSession): BatchSession {
  if (batches === null) throw new TypeError('a kind that says it has batches');
  return batches;
}

function reached(batch: number, isDone = false): BatchCheckpoint {
  return { after: batch, rows: batch, batches: batch, isDone };
}

const batchesGoOn: Case['run'] = async (world) => {
  const step = stepOf(world);
  const { language } = world;
  await step.at(1, async (session) => {
    expect(await batchesOf(session).begin()).toEqual({ after: null, rows: 0, batches: 0, isDone: false });
    await batchesOf(session).run(language.insert(1), () => reached(1));
    expect(await failure(batchesOf(session).run(language.failing, () => reached(2)))).toMatchObject({
      retryable: false,
    });
    const refused = batchesOf(session).run(language.insert(2), () => {
      throw new EdenError('TEMPLATE_EXECUTION_FAILED', { details: 'no key' });
    });
    expect(await failure(refused)).toMatchObject({ context: { details: 'no key' } });
  });
  await step.at(2, async (session) => {
    expect(await batchesOf(session).begin()).toEqual(reached(1));
    await batchesOf(session).run(language.insert(3), () => reached(2, true));
  });
  await step.at(3, async (session) => expect(await batchesOf(session).begin()).toEqual(reached(2, true)));
  expect(await world.database.ids()).toEqual([1, 3]);
};

const lateBatch: Case['run'] = async (world) => {
  const step = stepOf(world);
  const { language } = world;
  await step.at(1, async (late) => {
    await batchesOf(late).begin();
    await batchesOf(late).run(language.insert(1), () => reached(1));
    await step.at(2, async (session) => expect(await batchesOf(session).begin()).toEqual(reached(1)));
    await failure(batchesOf(late).run(language.insert(2), () => reached(2)));
  });
  expect(await failure(step.at(1, (session) => batchesOf(session).begin()))).toMatchObject({ code: 'FENCED' });
  expect(await world.database.ids()).toEqual([1]);
};

/** Whoever takes a run over has its epoch. */
const secondBatch: Case['run'] = async (world) => {
  const step = stepOf(world);
  const { language } = world;
  await step.at(1, async (late) => {
    await batchesOf(late).begin();
    await step.at(1, async (session) => {
      await batchesOf(session).begin();
      await failure(batchesOf(late).run(language.insert(1), () => reached(1)));
      await batchesOf(session).run(language.insert(2), () => reached(1));
    });
  });
  expect(await world.database.ids()).toEqual([2]);
};

const batchesUndone: Case['run'] = async (world) => {
  const step = stepOf(world);
  await step.at(1, async (session) => {
    await batchesOf(session).begin();
    await batchesOf(session).run(world.language.insert(1), () => reached(1));
  });
  await step.compensate();
  expect(await world.database.ids()).toEqual([]);
  const late = await failure(step.at(2, (session) => batchesOf(session).begin()));
  expect(late).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
};

const endedBatches: Case['run'] = async (world) => {
  const step = stepOf(world);
  const { language } = world;
  await step.at(1, async (late) => {
    await batchesOf(late).begin();
    await batchesOf(late).run(language.insert(1), () => reached(1));
  });
  await step.at(2, async (session) => {
    await batchesOf(session).begin();
    await batchesOf(session).run(language.insert(2), () => reached(2, true));
    // Done is done: the row says so, and no further batch is committed.
    expect(await failure(batchesOf(session).run(language.insert(3), () => reached(3)))).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
    });
  });
  expect(await world.database.ids()).toEqual([1, 2]);
};

const pressed: Case['run'] = async (world) => {
  await stepOf(world).at(1, async (session) => {
    await batchesOf(session).begin();
    const { replicaLagMs, activeSessions } = await batchesOf(session).pressure();
    expect([replicaLagMs, activeSessions]).toEqual([expect.any(Number), expect.any(Number)]);
  });
};

function buildOf(world: World, name: string): StepOfRun {
  const { buildIndex } = world.language;
  if (buildIndex === undefined) throw new TypeError('a kind that says it builds indexes');
  return new StepOfRun(world, [buildIndex(name)], null, {
    record: [world.language.insert(9)],
    unrecord: world.language.remove === undefined ? [] : [world.language.remove(9)],
  });
}

/** An index, and the row that stands for it in the history of a tool. */
async function builtIn({ database }: World) {
  return { indexes: await database.indexes?.(), rows: await database.ids() };
}

const built: Case['run'] = async (world) => {
  const step = buildOf(world, 'by_id');
  await step.carryOut();
  await step.carryOut();
  await step.carryOut(2);
  expect(await builtIn(world)).toEqual({ indexes: [{ name: 'by_id', isValid: true }], rows: [9] });
  await step.compensate(3);
  await step.compensate(4);
  expect(await builtIn(world)).toEqual({ indexes: [], rows: [] });
};

const brokenOff: Case['run'] = async (world) => {
  const { database } = world;
  const step = buildOf(world, 'by_id');
  const held = await database.holdChange?.();
  const building = failure(step.carryOut());
  await eventually(async () => expect(await database.waiting()).toBe(1));
  await database.endSessions();
  expect(await building).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
  await held?.close();
  expect(await builtIn(world)).toEqual({ indexes: [{ name: 'by_id', isValid: false }], rows: [] });
  await step.carryOut(2);
  expect(await builtIn(world)).toEqual({ indexes: [{ name: 'by_id', isValid: true }], rows: [9] });
};

const brokenOffAndUndone: Case['run'] = async (world) => {
  const { database } = world;
  const step = buildOf(world, 'by_id');
  const held = await database.holdChange?.();
  const building = failure(step.carryOut());
  await eventually(async () => expect(await database.waiting()).toBe(1));
  await database.endSessions();
  await building;
  await held?.close();
  await step.compensate();
  expect(await builtIn(world)).toEqual({ indexes: [], rows: [] });
  expect(await failure(step.carryOut(2))).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
};

const builtBefore: Case['run'] = async (world) => {
  await buildOf(world, 'by_id').carryOut();
  const another = buildOf(world, 'by_id');
  expect(await failure(another.carryOut())).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED' });
  await another.compensate();
  expect(await builtIn(world)).toEqual({ indexes: [{ name: 'by_id', isValid: true }], rows: [9] });
};

const batches = ['steps', 'batches'] as const;
const builds = ['steps', 'builds'] as const;

export const STEPS: Chapter = {
  name: 'a step outside the transaction',
  needs,
  cases: [
    { name: 'is done once, however often and by whomever it is carried out', needs, run: done },
    { name: 'is taken back once', needs, run: undone },
    { name: 'that was never done can be taken back', needs, run: neverDone },
    { name: 'that fails is told, and leaves nothing once it is taken back', needs, run: failed },
    { name: 'ends with its session, whatever it is doing', needs, run: closed },
    { name: 'in batches goes on behind the last one that has committed', needs: batches, run: batchesGoOn },
    { name: 'in batches is no longer that of a worker behind whom another one came', needs: batches, run: lateBatch },
    { name: 'in batches is at one worker at a time, also within an epoch', needs: batches, run: secondBatch },
    { name: 'in batches is taken back, and not begun again', needs: batches, run: batchesUndone },
    { name: 'in batches that is done commits no further one', needs: batches, run: endedBatches },
    {
      name: 'that builds an index is done once, with its row in the history, and both are taken back',
      needs: builds,
      run: built,
    },
    {
      name: 'that builds an index is done anew where its session was ended in the middle',
      needs: builds,
      run: brokenOff,
    },
    {
      name: 'that builds an index leaves nothing invalid once it is taken back',
      needs: builds,
      run: brokenOffAndUndone,
    },
    { name: 'that builds an index takes none for its own that was there before', needs: builds, run: builtBefore },
    { name: 'in batches is told what else its database has to do', needs: batches, run: pressed },
  ],
};
