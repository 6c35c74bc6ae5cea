import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DatabaseIdentity, OwnedRun } from '@eden/domain';
import { eventually, withClient } from '@eden/testkit';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import { asked, carryOut, claimRun, KEY, outsideStepOf, queueRun, startRun, sync, work } from '../testing/runs.js';
import { addMigration, attach, createScene, type Scene } from '../testing/tenants.js';

const SHARED: DatabaseIdentity = { key: KEY, place: '07123456789012345678/4000000000', name: 'shop' };

let url: string;
let control: ControlDatabase;
let scene: Scene;
/** The sync of another migration, which finds that the database of the scene is a copy. */
let other: OwnedRun;

beforeAll(async () => {
  ({ url, control } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
  await attach(scene);
  await sync(scene);
  const another = { ...scene, migration: await addMigration(scene.tenant, 'other') };
  other = await startRun(another, await queueRun(another, 'sync'));
});

const version = async () => (await scene.tenant.store.endpoint(scene.endpoint.uuid)).version;

function renew(work: () => Promise<boolean>, keeping: readonly Scene['endpoint'][] = []): Promise<boolean> {
  const renewal = { shared: SHARED, endpoints: [scene.endpoint.uuid], keeping: keeping.map(({ uuid }) => uuid) };
  return control.journal.renewDatabase(other, renewal, work);
}

const done = () => Promise.resolve(true);

/** For a lock that another one holds. */
async function aStatementWaits(): Promise<void> {
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  await eventually(() => withClient(url, async (client) => expect((await client.query(waiting)).rowCount).toBe(1)));
}

// Protocol: I31
describe('the renewal of the id of a database', () => {
  it('gives its endpoints a new version, and only when it has happened', async () => {
    expect(await renew(() => Promise.resolve(false))).toBe(false);
    expect(await version()).toBe(1);
    expect(await renew(done)).toBe(true);
    expect(await version()).toBe(2);
  });

  it('is refused while a run of the database is unfinished, by whatever endpoint, and not once that has ended', async () => {
    const run = await startRun(scene, await queueRun(scene, 'migrate'));
    const never = () => Promise.reject(new Error('asked the target'));
    await expect(renew(never)).rejects.toMatchObject({
      code: 'RUN_IN_PROGRESS',
      context: { run_uuid: run.run.uuid },
    });
    expect(await renew(() => Promise.resolve(false), [scene.endpoint])).toBe(false);
    await control.journal.decide(run, 10);
    await control.journal.complete(run);
    expect(await renew(done)).toBe(true);
  });

  it('does not tell another organization which run that is', async () => {
    const run = await startRun(scene, await queueRun(scene, 'migrate'));
    const stranger = await createScene(control);
    const owned = await startRun(stranger, await queueRun(stranger, 'sync'));
    const renewal = { shared: SHARED, endpoints: [stranger.endpoint.uuid], keeping: [] };
    const refused = control.journal.renewDatabase(owned, renewal, done);
    const suggestion = expect.stringMatching(/^Wait /);
    await expect(refused).rejects.toMatchObject({ code: 'RUN_IN_PROGRESS' });
    await expect(refused).rejects.toHaveProperty('context', { database: 'shop', suggestion });
    await control.journal.decide(run, 10);
    await control.journal.complete(run);
  });

  it('keeps a run that starts meanwhile waiting, which then finds its plan out of date', async () => {
    const claimed = await claimRun(scene, await queueRun(scene, 'migrate'));
    let start: Promise<unknown> | undefined;
    await renew(async () => {
      start = control.journal.start(claimed, work(scene), 5).then(
        () => 'started',
        (error: unknown) => error,
      );
      await aStatementWaits();
      return true;
    });
    expect(await start).toMatchObject({ code: 'PLAN_OUT_OF_DATE' });
    expect(await control.journal.participants(claimed.run.uuid)).toEqual([]);
  });

  it('keeps a run that begins its steps meanwhile waiting, which then finds its plan out of date', async () => {
    const claimed = await claimRun(scene, await queueRun(scene, 'migrate'));
    const endpointVersions = new Map([[scene.endpoint.uuid, await version()]]);
    let begin: Promise<unknown> | undefined;
    await renew(async () => {
      begin = control.journal
        .beginSteps(claimed, [outsideStepOf(scene)], { startedAt: new Date(), endpointVersions })
        .then(
          () => 'begun',
          (error: unknown) => error,
        );
      await aStatementWaits();
      return true;
    });
    expect(await begin).toMatchObject({ code: 'PLAN_OUT_OF_DATE' });
  });

  it('is nobody else’s than the owner’s of the sync', async () => {
    const stale = { ...other, owner: 'somebody else' };
    const renewal = { shared: SHARED, endpoints: [scene.endpoint.uuid], keeping: [] };
    await expect(control.journal.renewDatabase(stale, renewal, done)).rejects.toMatchObject({ code: 'FENCED' });
    const notes = [{ endpointUuid: scene.endpoint.uuid, database: SHARED, isNews: true }];
    await expect(control.journal.noteDatabases(stale, notes)).rejects.toMatchObject({ code: 'FENCED' });
    expect(await version()).toBe(1);
  });
});

// Protocol: I31
it('what a sync finds behind an endpoint is found by others, and raises its version where it is news', async () => {
  const { endpoint } = scene;
  const note = (isNews: boolean, database = SHARED) =>
    control.journal.noteDatabases(other, [{ endpointUuid: endpoint.uuid, database, isNews }]);
  await note(false);
  expect(await scene.tenant.store.endpoint(endpoint.uuid)).toMatchObject({
    version: 1,
    database: { key: SHARED.key, place: SHARED.place },
  });
  const way = { organizationUuid: scene.tenant.uuid, endpointUuid: endpoint.uuid };
  expect(await control.journal.endpointsAt(KEY)).toContainEqual(way);
  await note(true, { ...SHARED, key: 'another' });
  expect(await version()).toBe(2);
  expect(await control.journal.endpointsAt(KEY)).not.toContainEqual(way);
});

// Protocol: I32
describe('what a run has written into a gate', () => {
  const gates = async () => (await scene.tenant.store.api(scene.api.uuid)).gates;
  const gate = (written: number) => [{ key: SHARED.key, place: SHARED.place, version: written }];

  it('is known with its API from T2 on, of a rollback as well', async () => {
    expect(await gates()).toEqual([]);
    await carryOut(scene, 'migrate');
    expect(await gates()).toEqual(gate(2));
    await carryOut(scene, 'rollback');
    expect(await gates()).toEqual(gate(3));
  });

  it('is known of an attempt whose T1 is forgotten, and no longer once that is taken back', async () => {
    const owned = await startRun(scene, await queueRun(scene, 'migrate'));
    const participants = await control.journal.participants(owned.run.uuid);
    await withClient(url, (client) => client.query('DELETE FROM run_participants'));
    const honoured = await control.journal.honour(owned, { token: owned.run.token, participants });
    expect(await gates()).toEqual(gate(2));
    await control.journal.recant(honoured, { kind: 'requeue', reason: 'its worker died' });
    expect(await gates()).toEqual([]);
  });

  it('is forgotten where T2 is taken back', async () => {
    const owned = await startRun(scene, await queueRun(scene, 'migrate'));
    await control.journal.decide(owned, 10);
    const decided = { ...owned, run: await scene.tenant.store.run(owned.run.uuid) };
    expect(await gates()).toEqual(gate(2));
    const aborting = await control.journal.recant(decided, { kind: 'requeue', reason: 'its worker died' });
    expect(await gates()).toEqual([]);
    await control.journal.finishAbort(aborting, { kind: 'requeue', reason: 'its worker died' }, await asked(control));
    await scene.tenant.store.transact((tx) => tx.cancelRun(aborting.run, 'root'));
  });
});
