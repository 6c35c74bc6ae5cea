import type { OwnedRun } from '@eden/domain';
import { asked, changed, currentPlan, LEASE_MS, NOTHING, runApi, work } from '../runs.js';
import type { Scene } from '../tenants.js';
import { FAILED } from './standings.js';

/** The token of an attempt that somebody finds in a ledger. */
export const FOUND_TOKEN = 'fedcba9876543210';
const REQUEUE = { kind: 'requeue', reason: 'its worker died' } as const;
const DEFEAT = { kind: 'failed', error: FAILED, reason: 'a binding failed' } as const;
const PAUSED = { ...REQUEUE, pauseMs: 60_000 };

/** Who asks for these is nobody’s owner. */
export function isOfAnybody(write: string): boolean {
  return / its |^another sync|^its |^claim$|^cancel$|^pause$|^resume$|^resolve/.test(write);
}

type Write = (scene: Scene, owned: OwnedRun) => Promise<unknown>;

/** Whether there is an answer is what counts of what is read back. */
const whether = (answer: unknown): boolean => answer !== null && answer !== false;

/** All that can happen to a run, by name. */
export const WRITES: Readonly<Record<string, Write>> = {
  claim: async ({ control }, { run }) => whether(await control.journal.claim(run.uuid, 'another', LEASE_MS)),
  adopt: async ({ control }, { run }) => whether(await control.journal.adopt(run, 'another', LEASE_MS)),
  heartbeat: ({ control }, owned) => control.journal.heartbeat(owned),
  giveBack: ({ control }, owned) => control.journal.giveBack(owned, 'why'),
  start: async (scene, owned) =>
    whether(await scene.control.journal.start(owned, owned.run.kind === 'sync' ? NOTHING : work(scene), 1)),
  'start with another version of an endpoint': async (scene, owned) => {
    const { endpointVersions: _, ...start } = work(scene);
    const endpointVersions = new Map([[scene.endpoint.uuid, 77]]);
    return whether(await scene.control.journal.start(owned, { ...start, endpointVersions }, 1));
  },
  recordApis: ({ control, api }, owned) => control.journal.recordApis(owned, [changed(runApi(api.uuid, 'failed'))]),
  recordEvent: ({ control }, owned) => control.journal.recordEvent(owned, 'prepared', { participants: 1 }),
  noteWaiting: ({ control }, owned) => control.journal.noteWaiting(owned, { reason: 'why' }),
  finishSync: async (scene, owned) => scene.control.journal.finishSync(owned, await currentPlan(scene)),
  'finishSync of an older revision': async (scene, owned) => {
    const plan = await currentPlan(scene);
    return scene.control.journal.finishSync(owned, { ...plan, revision: plan.revision - 1 });
  },
  fail: ({ control }, owned) => control.journal.fail(owned, FAILED),
  enterDeciding: ({ control }, owned) => control.journal.enterDeciding(owned, 1),
  decide: ({ control }, owned) => control.journal.decide(owned, 1),
  honour: async ({ control }, owned) =>
    whether(await control.journal.honour(owned, { token: FOUND_TOKEN, participants: [] })),
  takeToken: async ({ control }, owned) => whether(await control.journal.takeToken(owned, FOUND_TOKEN)),
  recant: async ({ control }, owned) => whether(await control.journal.recant(owned, REQUEUE)),
  complete: ({ control }, owned) => control.journal.complete(owned),
  markInDoubt: ({ control }, owned) => control.journal.markInDoubt(owned, { decided: true, databases: [] }),
  beginAbort: async ({ control }, owned) => whether(await control.journal.beginAbort(owned, REQUEUE)),
  'finishAbort as failed': async ({ control }, owned) =>
    control.journal.finishAbort(owned, DEFEAT, await asked(control)),
  'finishAbort for another attempt, behind a newer fence': async ({ control }, owned) =>
    control.journal.finishAbort(owned, PAUSED, { ...(await asked(control)), fence: 40 }),
  'finishAbort on another timeline': ({ control }, owned) =>
    control.journal.finishAbort(owned, DEFEAT, { timeline: 'another', fence: 0 }),
  holdBack: ({ control }, owned) => control.journal.holdBack(owned, 'why'),
  pause: ({ tenant }, { run }) => tenant.store.transact((tx) => tx.pauseRun(run, 'ann')),
  resume: ({ tenant }, { run }) => tenant.store.transact((tx) => tx.resumeRun(run, 'ann')),
  cancel: ({ tenant }, { run }) => tenant.store.transact((tx) => tx.cancelRun(run, 'ann')),
  'resolve by commit': ({ tenant }, { run }) =>
    tenant.store.transact((tx) => tx.resolveRun(run, { decision: 'commit', reason: 'seen', actor: 'ann' })),
  'resolve by abort': ({ tenant }, { run }) =>
    tenant.store.transact((tx) => tx.resolveRun(run, { decision: 'abort', reason: 'seen', actor: 'ann' })),
  'change of its template': async ({ tenant, template }) =>
    whether(await tenant.store.transact((tx) => tx.updateTemplate(template.uuid, { body: { query: 'SELECT 2' } }))),
  'change of its API': async ({ tenant, api }) => {
    const field = { name: 'more', type: 'String', required: false } as const;
    return whether(await tenant.store.transact((tx) => tx.updateApi(api.uuid, { fields: [field] })));
  },
  'change of its migration': async ({ tenant, migration }) =>
    whether(await tenant.store.transact((tx) => tx.updateMigration(migration.uuid, { parameters: { size: 2 } }))),
  'another sync': async ({ tenant, migration }) => {
    const sync = { migrationUuid: migration.uuid, kind: 'sync', slot: 'active', actor: 'ann', overrides: {} } as const;
    return whether(await tenant.store.transact((tx) => tx.insertRun(sync)));
  },
  'its API leaves': ({ tenant, migration, api }) =>
    tenant.store.transact((tx) => tx.detachApi(migration.uuid, api.uuid)),
};
