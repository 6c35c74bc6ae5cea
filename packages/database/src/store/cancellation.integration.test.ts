import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { OwnedRun, Run, RunKind, Uuid } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { withClient } from '@eden/testkit';
import { newControl } from '../testing/control.js';
import {
  asked,
  carryOut,
  claimRun,
  LEASE_MS,
  NOTHING,
  outsideStepOf,
  queueRun,
  startRun,
  sync,
} from '../testing/runs.js';
import { attach, createScene, type Scene } from '../testing/tenants.js';

let control: ControlDatabase;
let url: string;
let scene: Scene;

const error = { code: 'MIGRATION_EXECUTION_FAILED', error: 'failed', context: {} } as const;

beforeAll(async () => {
  ({ control, url } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
  await attach(scene);
  await sync(scene);
});

function cancel({ uuid }: Pick<Run, 'uuid'>): Promise<boolean> {
  const { tenant, migration } = scene;
  return tenant.store.transact(async (tx) => {
    await tx.unfinishedRuns(migration.uuid);
    return tx.cancelRun(await tx.run(uuid), 'ann');
  });
}

async function start(kind: RunKind): Promise<OwnedRun> {
  return startRun(scene, await queueRun(scene, kind));
}

function stored({ uuid }: Pick<Run, 'uuid'>): Promise<Run> {
  return scene.tenant.store.run(uuid);
}

async function stateOfMigration(): Promise<string> {
  return (await scene.tenant.store.migration('v2')).state;
}

describe('a run that has touched nothing', () => {
  it('is over at once, whether or not a worker has claimed it', async () => {
    const queued = await queueRun(scene, 'migrate');
    expect(await cancel(queued)).toBe(true);
    expect(await stored(queued)).toMatchObject({ state: 'cancelled', cancelledBy: 'ann' });
    const claimed = await claimRun(scene, await queueRun(scene, 'migrate'));
    expect(await cancel(claimed.run)).toBe(true);
    await expect(control.journal.giveBack(claimed, 'why')).rejects.toMatchObject({ code: 'FENCED' });
    expect((await scene.tenant.store.runEvents(claimed.run.uuid, 0)).at(-1)).toMatchObject({
      type: 'finished',
      data: { state: 'cancelled', cancelled_by: 'ann' },
    });
  });

  it('is never started by the worker that was just about to', async () => {
    const claimed = await claimRun(scene, await queueRun(scene, 'migrate'));
    await cancel(claimed.run);
    await expect(control.journal.start(claimed, NOTHING, 1)).rejects.toMatchObject({
      code: 'FENCED',
    });
    expect(await stateOfMigration()).toBe('Pending');
  });

  it('is also a sync that is at work: its plan is not stored', async () => {
    const { planHash } = await scene.tenant.store.migration('v2');
    const owned = await start('sync');
    expect(await cancel(owned.run)).toBe(true);
    expect(await stored(owned.run)).toMatchObject({ state: 'cancelled' });
    await expect(control.journal.fail(owned, error)).rejects.toMatchObject({ code: 'FENCED' });
    expect(await scene.tenant.store.migration('v2')).toMatchObject({ state: 'Pending', planHash });
  });
});

describe('a run before its commit point', () => {
  it.each(['migrate', 'rollback'] as const)(
    'is anybody’s to undo (%s), and then the migration is as it was',
    async (kind) => {
      if (kind === 'rollback') await carryOut(scene, 'migrate');
      const before = await stateOfMigration();
      const owned = await start(kind);
      expect(await cancel(owned.run)).toBe(true);
      expect(await stored(owned.run)).toMatchObject({ state: 'aborting', epoch: owned.run.epoch + 1 });
      expect(await control.journal.heartbeat(owned)).toBe(false);
      const [abandoned] = (await control.journal.abandoned(LEASE_MS)).filter(({ uuid }) => uuid === owned.run.uuid);
      const adopted = await control.journal.adopt(abandoned as Run, 'another', LEASE_MS);
      expect(await control.journal.adopt(abandoned as Run, 'late', LEASE_MS)).toBeNull();
      expect(
        await control.journal.finishAbort(
          adopted as OwnedRun,
          { kind: 'requeue', reason: 'its worker died' },
          await asked(control),
        ),
      ).toBe('cancelled');
      expect(await stored(owned.run)).toMatchObject({ state: 'cancelled', error: null });
      expect(await stateOfMigration()).toBe(before);
    },
  );

  it('that is aborting after a crash is not queued again', async () => {
    const aborting = await control.journal.beginAbort(await start('migrate'), {
      kind: 'requeue',
      reason: 'its worker died',
    });
    expect(await cancel(aborting.run)).toBe(true);
    expect(
      await control.journal.finishAbort(aborting, { kind: 'requeue', reason: 'its worker died' }, await asked(control)),
    ).toBe('cancelled');
  });

  it('that is a sync leaves no migrate behind that came after the cancel', async () => {
    const aborting = await control.journal.beginAbort(await start('sync'), {
      kind: 'requeue',
      reason: 'its worker died',
    });
    expect(await cancel(aborting.run)).toBe(true);
    const late = await queueRun(scene, 'migrate', 'behind');
    expect(
      await control.journal.finishAbort(aborting, { kind: 'requeue', reason: 'its worker died' }, await asked(control)),
    ).toBe('cancelled');
    expect(await stored(late)).toMatchObject({ state: 'failed', error: { code: 'MIGRATION_NOT_SYNCED' } });
  });

  it('that is aborting because it failed ends failed', async () => {
    const aborting = await control.journal.beginAbort(await start('migrate'), { kind: 'failed', error, reason: 'why' });
    expect(await cancel(aborting.run)).toBe(false);
    expect(
      await control.journal.finishAbort(aborting, { kind: 'failed', error, reason: 'why' }, await asked(control)),
    ).toBe('failed');
  });
});

describe('a cancel and the commit point', () => {
  // Protocol: I11
  it('exclude each other: one of them wins, whichever comes first', async () => {
    for (let round = 0; round < 20; round += 1) {
      const owned = await start('migrate');
      const [cancelled, decided] = await Promise.all([
        cancel(owned.run),
        control.journal.decide(owned, 1).then(
          () => true,
          () => false,
        ),
      ]);
      expect([cancelled, decided].filter(Boolean)).toHaveLength(1);
      if (decided) await control.journal.complete(owned);
      else await endAbort(owned.run.uuid);
      await reset();
    }
  });

  async function endAbort(uuid: Uuid): Promise<void> {
    const adopted = await control.journal.adopt(await stored({ uuid }), 'another', LEASE_MS);
    await control.journal.finishAbort(
      adopted as OwnedRun,
      { kind: 'requeue', reason: 'its worker died' },
      await asked(control),
    );
  }

  /** Another migration, ready to run. */
  async function reset(): Promise<void> {
    scene = await createScene(control);
    await attach(scene);
    await sync(scene);
  }

  it('is too late from then on', async () => {
    const owned = await start('migrate');
    await control.journal.decide(owned, 1);
    expect(await cancel(owned.run)).toBe(false);
    await control.journal.complete(owned);
  });
});

it('the workers hear of a run that was taken from its owner', async () => {
  const owned = await start('migrate');
  const heard = await new Promise((resolve) => {
    const stop = control.journal.onReleased((uuid) => {
      if (uuid === null) void cancel(owned.run);
      else resolve((stop(), uuid));
    });
  });
  expect(heard).toBe(owned.run.uuid);
});

/** Its only step is done. */
async function stepped(): Promise<OwnedRun> {
  const claimed = await claimRun(scene, await queueRun(scene, 'migrate'));
  const owned = await control.journal.beginSteps(claimed, [outsideStepOf(scene)], {
    startedAt: new Date(),
    endpointVersions: new Map(),
  });
  await control.journal.recordStep(owned, 0, {
    state: 'done',
    attempts: 1,
    failures: 0,
    mayBeDone: true,
    outputs: {},
    error: null,
    endpointId: 'customers_db',
  });
  return owned;
}

const ENDS: Readonly<Record<string, (owned: OwnedRun) => Promise<unknown>>> = {
  'is cancelled at its steps': ({ run }) => cancel(run),
  'fails at its steps': (owned) => control.journal.failSteps(owned, error, 'a step failed'),
  'is cancelled behind its steps': async (owned) => {
    await control.journal.endSteps(owned, []);
    await cancel(owned.run);
  },
};

// Protocol: I35
describe('a run with steps outside its transaction', () => {
  it.each(Object.keys(ENDS))('that %s takes them back, behind a failover once its targets were asked', async (how) => {
    const owned = await stepped();
    await ENDS[how]?.(owned);
    expect(await stored(owned.run)).toMatchObject({ state: 'compensating' });
    scene = await createScene(control);
    await attach(scene);
    await sync(scene);
    const rewound = await stepped();
    const sql = `UPDATE runs SET timeline = 'another' WHERE uuid = $1`;
    await withClient(url, (client) => client.query(sql, [rewound.run.uuid]));
    await ENDS[how]?.({ ...rewound, run: await stored(rewound.run) });
    expect(await stored(rewound.run)).toMatchObject({ state: 'aborting' });
  });
});
