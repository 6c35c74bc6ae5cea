import type { OwnedRun, StoredError } from '@eden/domain';
import { asked, carryOut, claimRun, queueRun, startRun, sync } from '../runs.js';
import type { Scene } from '../tenants.js';
import type { ControlUnderTest } from './control-under-test.js';

export const OWNER = 'its owner';
export const FAILED: StoredError = { code: 'MIGRATION_EXECUTION_FAILED', error: 'failed', context: {} };
const REQUEUE = { kind: 'requeue', reason: 'its worker died' } as const;

/** Where a run stands, and how it comes there. The answer is what its owner knows. */
export interface Standing {
  readonly name: string;
  reach(scene: Scene, control: ControlUnderTest): Promise<OwnedRun>;
}

async function migrating(scene: Scene): Promise<OwnedRun> {
  await sync(scene);
  return startRun(scene, await queueRun(scene, 'migrate'), OWNER);
}

/** As somebody else has left it. */
async function asItIs({ tenant }: Scene, { run, owner }: OwnedRun): Promise<OwnedRun> {
  return { run: await tenant.store.run(run.uuid), owner };
}

async function aborting(scene: Scene): Promise<OwnedRun> {
  return scene.control.journal.beginAbort(await migrating(scene), REQUEUE);
}

export const STANDINGS: readonly Standing[] = [
  {
    name: 'a migrate that is queued',
    reach: async (scene) => {
      await sync(scene);
      return { run: await queueRun(scene, 'migrate'), owner: OWNER };
    },
  },
  {
    name: 'a migrate that waits for its lock',
    reach: async (scene) => {
      await sync(scene);
      return claimRun(scene, await queueRun(scene, 'migrate'), OWNER);
    },
  },
  {
    name: 'a migrate that waits for its lock, behind a failover',
    reach: async (scene, control) => {
      await sync(scene);
      const run = await queueRun(scene, 'migrate');
      await control.takeOver(scene, run.uuid);
      return claimRun(scene, run, OWNER);
    },
  },
  {
    name: 'a sync that runs, with a migrate behind it',
    reach: async (scene) => {
      const run = await queueRun(scene, 'sync');
      await queueRun(scene, 'migrate', 'behind');
      return startRun(scene, run, OWNER);
    },
  },
  {
    name: 'a sync that runs, with a migrate of another timeline behind it',
    reach: async (scene, control) => {
      const run = await queueRun(scene, 'sync');
      await control.takeOver(scene, (await queueRun(scene, 'migrate', 'behind')).uuid);
      return startRun(scene, run, OWNER);
    },
  },
  { name: 'a migrate that runs', reach: migrating },
  {
    name: 'a migrate that runs, and whose worker is silent',
    reach: async (scene, control) => {
      const owned = await migrating(scene);
      await control.silence(scene, owned.run.uuid);
      return owned;
    },
  },
  {
    name: 'a rollback that runs',
    reach: async (scene) => {
      await sync(scene);
      await carryOut(scene, 'migrate');
      return startRun(scene, await queueRun(scene, 'rollback'), OWNER);
    },
  },
  {
    name: 'a migrate that is deciding',
    reach: async (scene) => {
      const owned = await migrating(scene);
      await scene.control.journal.enterDeciding(owned, 1);
      return asItIs(scene, owned);
    },
  },
  {
    name: 'a migrate that is committing',
    reach: async (scene) => {
      const owned = await migrating(scene);
      await scene.control.journal.decide(owned, 1);
      return asItIs(scene, owned);
    },
  },
  { name: 'a migrate that is aborting', reach: aborting },
  {
    name: 'a migrate that was cancelled while it ran',
    reach: async (scene) => {
      const { run } = await migrating(scene);
      await scene.tenant.store.transact(async (tx) => tx.cancelRun(await tx.run(run.uuid), 'ann'));
      const adopted = await scene.control.journal.adopt(await scene.tenant.store.run(run.uuid), OWNER, 1);
      if (adopted === null) throw new Error('a cancelled run is adopted by whoever comes');
      return adopted;
    },
  },
  {
    name: 'a migrate that is queued again',
    reach: async (scene) => {
      const owned = await aborting(scene);
      await scene.control.journal.finishAbort(owned, REQUEUE, await asked(scene.control));
      return asItIs(scene, owned);
    },
  },
  {
    name: 'a migrate that is in doubt',
    reach: async (scene) => {
      const owned = await migrating(scene);
      await scene.control.journal.markInDoubt(owned, { decided: false, databases: [] });
      return asItIs(scene, owned);
    },
  },
  {
    name: 'a migrate that has succeeded',
    reach: async (scene) => {
      const owned = await migrating(scene);
      await scene.control.journal.decide(owned, 1);
      await scene.control.journal.complete(owned);
      return asItIs(scene, owned);
    },
  },
];
