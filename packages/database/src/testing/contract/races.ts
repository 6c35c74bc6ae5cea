import { expect } from '@jest/globals';
import { isEdenError, type Run, type RunKind, type RunSlot, type RunState } from '@eden/domain';
import { claimRun, LEASE_MS, outsideStepOf, queueRun, startRun, sync } from '../runs.js';
import { addApi, addMigration, type Scene } from '../tenants.js';
import { OWNER } from './standings.js';

/** What two do at once, or one does in a transaction that is still open. */
export interface Race {
  readonly name: string;
  run(scene: Scene): Promise<void>;
}

export const RACES: readonly Race[] = [
  { name: 'an API is taken by one of two migrations at once, and the other is told', run: oneMigrationOfAnApi },
  { name: 'a migration takes one of two runs at once into each slot', run: oneRunInASlot },
  { name: 'a run is claimed, and adopted, by one of several at once', run: oneOwner },
  { name: 'a run is cancelled or decided, and never both', run: cancelOrDecide },
  { name: 'nobody sees what a transaction has written before it commits, or when it fails', run: isolation },
  { name: 'a step waits for whoever holds its migration, and goes by what is there then', run: waitsForTheMigration },
  { name: 'an API is noted as executed before it joins a migration, or by whoever finds it there', run: touchedOrTold },
  { name: 'the first sync since an API has joined is the one that counts', run: firstSyncSince },
  { name: 'the latest run is told as if one that was cancelled had not been', run: latestButCancelled },
  {
    name: 'a database gets no other id while a run is at its steps there, and none begins them behind that',
    run: stepsOrRenewal,
  },
  { name: 'a message of the outbox is claimed once for each lease, and never again once it is sent', run: outbox },
];

/** As many of the answers as were refused, by the codes of their refusals. */
async function refusals(works: readonly Promise<unknown>[]): Promise<readonly string[]> {
  const results = await Promise.allSettled(works);
  return results.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    if (isEdenError(result.reason)) return [result.reason.code];
    throw result.reason;
  });
}

async function oneMigrationOfAnApi(scene: Scene): Promise<void> {
  const { tenant, api, migration } = scene;
  await tenant.store.transact((tx) => tx.detachApi(migration.uuid, api.uuid));
  const others = [migration, await addMigration(tenant, 'another'), await addMigration(tenant, 'a third')];
  const attach = (migrationUuid: (typeof migration)['uuid']): Promise<unknown> =>
    tenant.store.transact((tx) =>
      tx.attachApi({ apiUuid: api.uuid, migrationUuid, stage: 0, bindings: [], next: null }),
    );
  const refused = await refusals(others.map(({ uuid }) => attach(uuid)));
  expect(refused).toEqual(['API_HAS_MIGRATION', 'API_HAS_MIGRATION']);
}

async function oneRunInASlot(scene: Scene): Promise<void> {
  const { tenant, migration } = scene;
  await queueRun(scene, 'sync');
  const accept = (kind: RunKind, slot: RunSlot): Promise<unknown> =>
    tenant.store.transact((tx) =>
      tx.insertRun({ migrationUuid: migration.uuid, kind, slot, actor: 'ann', overrides: {} }),
    );
  expect(await refusals([accept('sync', 'active'), accept('migrate', 'active')])).toEqual([
    'RUN_IN_PROGRESS',
    'RUN_IN_PROGRESS',
  ]);
  expect(await refusals([accept('migrate', 'behind'), accept('migrate', 'behind')])).toEqual(['RUN_IN_PROGRESS']);
}

async function oneOwner(scene: Scene): Promise<void> {
  const { journal } = scene.control;
  const run = await queueRun(scene, 'sync');
  const claims = await Promise.all(['a', 'b', 'c'].map((owner) => journal.claim(run.uuid, owner, LEASE_MS)));
  const claimed = claims.filter((each) => each !== null);
  expect(claimed).toHaveLength(1);
  const { run: known } = await startSync(scene, claimed);
  const adoptions = await Promise.all(['d', 'e', 'f'].map((owner) => journal.adopt(known, owner, -LEASE_MS)));
  expect(adoptions.filter((each) => each !== null)).toHaveLength(1);
}

async function startSync({ control }: Scene, [owned]: readonly Parameters<typeof control.journal.start>[0][]) {
  if (owned === undefined) throw new Error('nobody has claimed it');
  return control.journal.start(owned, { token: '', apis: [], endpointVersions: new Map(), participants: () => [] }, 1);
}

async function cancelOrDecide(scene: Scene): Promise<void> {
  const { control, tenant } = scene;
  await sync(scene);
  const owned = await startRun(scene, await queueRun(scene, 'migrate'), OWNER);
  const cancel = tenant.store.transact(async (tx) => tx.cancelRun(await tx.run(owned.run.uuid), 'ann'));
  const decided = (await refusals([control.journal.decide(owned, 1)])).length === 0;
  expect([await cancel, (await tenant.store.run(owned.run.uuid)).state]).toEqual([
    !decided,
    decided ? 'committing' : 'aborting',
  ]);
}

async function stepsOrRenewal(scene: Scene): Promise<void> {
  const { control, tenant, endpoint } = scene;
  await sync(scene);
  const other = { ...scene, migration: await addMigration(tenant, 'other') };
  const syncing = await startRun(other, await queueRun(other, 'sync'), OWNER);
  // Of this race alone: others leave runs unfinished in theirs.
  const step = { ...outsideStepOf(scene), database: { key: endpoint.uuid, place: 'somewhere', name: 'shop' } };
  const renewal = { shared: step.database, endpoints: [endpoint.uuid], keeping: [] };
  const renew = (): Promise<boolean> => control.journal.renewDatabase(syncing, renewal, () => Promise.resolve(true));
  const claimed = await claimRun(scene, await queueRun(scene, 'migrate'));
  const begin = (version: number): Promise<unknown> =>
    control.journal.beginSteps(claimed, [step], {
      startedAt: new Date(),
      endpointVersions: new Map([[endpoint.uuid, version]]),
    });
  expect(await renew()).toBe(true);
  const { version } = await tenant.store.endpoint(endpoint.uuid);
  expect(await refusals([begin(version - 1)])).toEqual(['PLAN_OUT_OF_DATE']);
  await begin(version);
  expect(await refusals([renew()])).toEqual(['RUN_IN_PROGRESS']);
}

async function latestButCancelled(scene: Scene): Promise<void> {
  const { tenant, migration } = scene;
  const latest = (not?: RunState) => tenant.store.latestRun(migration.uuid, 'sync', not);
  await sync(scene);
  const good = await latest();
  const given = await queueRun(scene, 'sync');
  expect(await tenant.store.transact((tx) => tx.cancelRun(given, 'ann'))).toBe(true);
  expect([(await latest())?.uuid, (await latest('cancelled'))?.uuid]).toEqual([given.uuid, good?.uuid]);
}

async function isolation(scene: Scene): Promise<void> {
  const { tenant, api, migration } = scene;
  const seen = async () => (await tenant.store.api(api.uuid)).schemaVersion;
  const change = tenant.store.transact(async (tx) => {
    await tx.updateApi(api.uuid, { fields: [{ name: 'more', type: 'String', required: false }] });
    await tx.insertRun({ migrationUuid: migration.uuid, kind: 'sync', slot: 'active', actor: 'ann', overrides: {} });
    expect((await tx.api(api.uuid)).schemaVersion).toBe(2);
    expect(await seen()).toBe(1);
    throw new RangeError('thought better of it');
  });
  await expect(change).rejects.toThrow('thought better of it');
  expect(await seen()).toBe(1);
  expect(await tenant.store.latestRun(migration.uuid)).toBeNull();
}

async function waitsForTheMigration(scene: Scene): Promise<void> {
  const { control, tenant, migration } = scene;
  await sync(scene);
  const run: Run = await queueRun(scene, 'migrate');
  const owned = await control.journal.claim(run.uuid, OWNER, LEASE_MS);
  if (owned === null) throw new Error('the run could not be claimed');
  let started: Promise<readonly string[]> | undefined;
  await tenant.store.transact(async (tx) => {
    const [known] = await tx.unfinishedRuns(migration.uuid);
    started = refusals([startSync(scene, [owned])]);
    // It cannot have happened before what this transaction does.
    expect(known === undefined ? null : await tx.cancelRun(known, 'ann')).toBe(true);
  });
  expect(await started).toEqual(['FENCED']);
  expect((await tenant.store.run(run.uuid)).state).toBe('cancelled');
}

async function outbox(scene: Scene): Promise<void> {
  const { outbox: messages } = scene.control;
  const run = await queueRun(scene, 'sync');
  const ofRun = async (leaseMs: number) =>
    (await messages.claim(1_000, leaseMs)).filter(({ runUuid }) => runUuid === run.uuid);
  const claims = (await Promise.all([ofRun(0), ofRun(0)])).flat();
  expect(new Set(claims.map(({ uuid }) => uuid)).size).toBe(1);
  expect(await ofRun(LEASE_MS)).toHaveLength(1);
  expect(await ofRun(LEASE_MS)).toEqual([]);
  await messages.markSent(claims.map(({ uuid }) => uuid));
  expect(await ofRun(LEASE_MS)).toEqual([]);
  expect((await messages.forgotten(LEASE_MS)).some(({ runUuid }) => runUuid === run.uuid)).toBe(false);
  const forgotten = (await messages.forgotten(-LEASE_MS)).filter(({ runUuid }) => runUuid === run.uuid);
  expect(forgotten).toEqual([{ runUuid: run.uuid, lastMessage: claims[0]?.uuid }]);
  const requeued = await Promise.all([1, 2].map(() => messages.requeueForgotten(-LEASE_MS, [run.uuid])));
  expect(Math.max(...requeued)).toBe(1);
  expect(await ofRun(0)).not.toEqual([]);
}

async function touchedOrTold({ tenant, api, migration }: Scene): Promise<void> {
  await tenant.store.transact((tx) => tx.detachApi(migration.uuid, api.uuid));
  expect((await tenant.store.api(api.uuid)).untouchedOn).not.toBeNull();
  let touching: Promise<void> = Promise.resolve();
  await tenant.store.transact(async (tx) => {
    await tx.attachApi({ apiUuid: api.uuid, migrationUuid: migration.uuid, stage: 0, bindings: [], next: null });
    touching = tenant.store.touchApi(api.uuid).then(async () => {
      expect((await tenant.store.api(api.uuid)).membership).toMatchObject({ active: true });
    });
    // Whoever has not waited has read it as free by now.
    expect((await tenant.store.api(api.uuid)).membership?.active ?? false).toBe(false);
  });
  await touching;
  expect((await tenant.store.api(api.uuid)).untouchedOn).toBeNull();
}

async function firstSyncSince(scene: Scene): Promise<void> {
  const { tenant, control, migration } = scene;
  const since = async (): Promise<number> => {
    const owned = await control.journal.claim((await queueRun(scene, 'sync')).uuid, OWNER, LEASE_MS);
    if (owned === null) throw new Error('not claimed');
    await tenant.store.transact((tx) => tx.cancelRun(owned.run, 'ann'));
    return control.journal.sinceSyncMs(owned);
  };
  await sync(scene);
  const before = await since();
  await sync(scene);
  let still = await since();
  expect(still).toBeGreaterThanOrEqual(before);
  // Long ago, for a busy machine too.
  for (let asked = 0; asked < 10; asked += 1) still = await since();
  const another = await addApi(tenant, 'joins', scene.template);
  await tenant.store.transact((tx) =>
    tx.attachApi({ apiUuid: another.uuid, migrationUuid: migration.uuid, stage: 0, bindings: [], next: null }),
  );
  await sync(scene);
  expect(await since()).toBeLessThan(still);
}
