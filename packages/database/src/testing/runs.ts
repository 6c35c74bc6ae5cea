import { randomUUID } from 'node:crypto';
import type {
  AbortCheck,
  NewOutsideStep,
  OwnedRun,
  Plan,
  Run,
  RunApi,
  RunApiChange,
  RunBinding,
  RunKind,
  RunStart,
} from '@eden/domain';
import type { Scene } from './tenants.js';

/** Long enough for every test: nobody takes a run over by accident. */
export const LEASE_MS = 60_000;

export function queueRun(scene: Scene, kind: RunKind, slot: 'active' | 'behind' = 'active'): Promise<Run> {
  const { tenant, migration } = scene;
  return tenant.store.transact((tx) =>
    tx.insertRun({ migrationUuid: migration.uuid, kind, slot, actor: 'root', overrides: {} }),
  );
}

/** @throws when somebody else has it */
export async function claimRun({ control }: Scene, run: Run, owner: string = randomUUID()): Promise<OwnedRun> {
  const owned = await control.journal.claim(run.uuid, owner, LEASE_MS);
  if (owned === null) throw new Error('the run could not be claimed');
  return owned;
}

export const NOTHING: RunStart = { token: '', apis: [], endpointVersions: new Map(), participants: () => [] };

/** Of the one database. */
export const KEY = '5f0a7f4e-6f0e-4a53-9d0a-7f6f1c1f3a11';

/** What a T1 draws. */
export function newToken(): string {
  return randomUUID().replaceAll('-', '').slice(-16);
}

/** The API of the scene, and one participant. */
export function work({ api, endpoint }: Scene): RunStart {
  return {
    token: newToken(),
    apis: [runApi(api.uuid)],
    endpointVersions: new Map([[endpoint.uuid, endpoint.version]]),
    participants: (epoch) => [
      {
        number: 0,
        endpointUuid: endpoint.uuid,
        database: { key: KEY, place: '07123456789012345678/4000000000', name: 'shop' },
        preparedId: `${endpoint.uuid}_${epoch}`,
        class: 'two-phase',
        gates: [api.uuid],
      },
    ],
  };
}

export function runApi(api: RunApi['api'], state: RunApi['state'] = 'pending'): RunApi {
  return { api, apiId: 'customers', stage: 0, position: 0, state, class: '2pc', bindings: [] };
}

export function runBinding(template: RunBinding['template']): RunBinding {
  const counts = { attempts: 0, rows: 0, estimatedRows: null, startedAt: null, finishedAt: null, executionTimeMs: 0 };
  return { template, templateId: 'copy', state: 'pending', ...counts, references: {}, error: null };
}

/** As a change of it. */
export function changed({ bindings, ...api }: RunApi): RunApiChange {
  return { ...api, changed: bindings.map((binding, index) => ({ index, binding })), rows: 0, executionTimeMs: 0 };
}

export async function startRun(scene: Scene, run: Run, owner?: string): Promise<OwnedRun> {
  const start = run.kind === 'sync' ? NOTHING : work(scene);
  return scene.control.journal.start(await claimRun(scene, run, owner), start, 5);
}

export async function currentPlan({ tenant, migration }: Scene): Promise<Plan> {
  const { revision } = await tenant.store.migration(migration.uuid);
  const createdAt = new Date().toISOString();
  return { hash: `plan of ${revision}`, revision, atomicity: 'atomic', apis: [], databases: [], createdAt };
}

export async function sync(scene: Scene): Promise<void> {
  const owned = await startRun(scene, await queueRun(scene, 'sync'));
  await scene.control.journal.finishSync(owned, await currentPlan(scene));
}

/** The targets were asked just now, and have seen no newer epoch. */
export async function asked({ journal }: Scene['control']): Promise<AbortCheck> {
  return { timeline: await journal.timeline(), fence: 0 };
}

/** A migrate, or a rollback, to its end. */
export async function carryOut(scene: Scene, kind: 'migrate' | 'rollback'): Promise<void> {
  const owned = await startRun(scene, await queueRun(scene, kind));
  await scene.control.journal.decide(owned, 10);
  await scene.control.journal.complete(owned);
}

/** What a migrate of the scene does before its transaction. */
export function outsideStepOf({ api, endpoint }: Scene): NewOutsideStep {
  const place = { api: api.uuid, apiId: api.id, binding: 0, template: 'copy', endpointUuid: endpoint.uuid };
  const database = { key: KEY, place: 'somewhere', name: 'shop' };
  const work = { statements: [], undo: [], record: [], unrecord: [] };
  return { number: 0, phase: 'before', class: 'compensable', ...place, database, work };
}
