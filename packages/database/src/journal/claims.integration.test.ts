import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withClient } from '@eden/testkit';
import type { OwnedRun, Run } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import { asked, claimRun, LEASE_MS, NOTHING, queueRun, startRun } from '../testing/runs.js';
import { createScene, type Scene } from '../testing/tenants.js';

let url: string;
let control: ControlDatabase;
let scene: Scene;
let run: Run;

beforeAll(async () => {
  ({ url, control } = await newControl());
});

beforeEach(async () => {
  scene = await createScene(control);
  run = await queueRun(scene, 'sync');
});

/** As if the worker had been silent for this long. */
async function silence({ uuid }: Run, heartbeatAgeMs: number): Promise<void> {
  await withClient(url, (client) =>
    client.query(`UPDATE runs SET heartbeat_at = now() - $2 * interval '1 millisecond' WHERE uuid = $1`, [
      uuid,
      heartbeatAgeMs,
    ]),
  );
}

async function eventTypes(): Promise<string[]> {
  return (await scene.tenant.store.runEvents(run.uuid, 0)).map(({ type }) => type);
}

describe('a claim', () => {
  // Protocol: I17
  it('goes to one of the workers that ask at the same time', async () => {
    const claims = await Promise.all(
      Array.from({ length: 6 }, (_, index) => control.journal.claim(run.uuid, `w${index}`, LEASE_MS)),
    );
    const owned = claims.filter((claim) => claim !== null);
    expect(owned).toHaveLength(1);
    expect(owned[0]?.run).toMatchObject({ uuid: run.uuid, state: 'waiting_for_lock', epoch: 0 });
    expect(await eventTypes()).toEqual(['queued', 'waiting_for_lock']);
  });

  it('of a run that was given back counts on from the first', async () => {
    const first = await claimRun(scene, run);
    const waitedMs = await control.journal.waitedMs(first);
    await control.journal.giveBack(first, 'why');
    const second = await claimRun(scene, run, 'other');
    expect(await control.journal.waitedMs(second)).toBeGreaterThanOrEqual(waitedMs);
    expect(second.run.reason).toBe('why');
    await control.journal.giveBack(second, 'why');
    expect(await eventTypes()).toEqual(['queued', 'waiting_for_lock', 'waiting']);
    await control.journal.giveBack(await claimRun(scene, run), 'why else');
    expect(await eventTypes()).toEqual(['queued', 'waiting_for_lock', 'waiting', 'waiting']);
  });

  it('from a worker that has died is another attempt, and names that worker', async () => {
    await claimRun(scene, run, 'first');
    await silence(run, LEASE_MS + 1);
    const second = await claimRun(scene, run, 'second');
    expect(second.run).toMatchObject({ attempt: 2, owner: 'second', reason: expect.stringContaining('first ended') });
    const [last] = (await scene.tenant.store.runEvents(run.uuid, 0)).slice(-1);
    expect(last).toMatchObject({
      type: 'recovered',
      data: { worker: 'first', attempt: 1, state: 'waiting_for_lock', reason: second.run.reason },
    });
  });

  it('is refused, and nobody called, in the pause before the attempt that follows a dead worker', async () => {
    const { outbox } = control;
    await outbox.markSent((await outbox.claim(100, 1)).map(({ uuid }) => uuid));
    const owned = await startRun(scene, run);
    const outcome = { kind: 'requeue', reason: 'why', pauseMs: 60_000 } as const;
    const aborting = await control.journal.beginAbort(owned, outcome);
    await control.journal.finishAbort(aborting, outcome, await asked(control));
    expect(await control.journal.claim(run.uuid, 'other', LEASE_MS)).toBeNull();
    const called = async () => (await outbox.claim(100, 1)).map(({ runUuid }) => runUuid);
    expect(await called()).not.toContain(run.uuid);
    const [last] = (await scene.tenant.store.runEvents(run.uuid, 0)).slice(-1);
    expect(last).toMatchObject({ type: 'requeued', data: { attempt: 2, reason: 'why', pause_ms: 60_000 } });
    await withClient(url, (client) =>
      client.query(
        `WITH message AS (UPDATE outbox SET due_at = now() WHERE run_uuid = $1)
         UPDATE runs SET not_before = now() WHERE uuid = $1`,
        [run.uuid],
      ),
    );
    expect(await called()).toContain(run.uuid);
    expect(await control.journal.claim(run.uuid, 'other', LEASE_MS)).toMatchObject({ run: { attempt: 2 } });
  });

  it('is renewed by heartbeats, and ends without them', async () => {
    const first = await claimRun(scene, run, 'first');
    await silence(run, LEASE_MS - 5_000);
    expect(await control.journal.claim(run.uuid, 'second', LEASE_MS)).toBeNull();
    await silence(run, LEASE_MS + 1);
    expect(await control.journal.heartbeat(first)).toBe(true);
    expect(await control.journal.claim(run.uuid, 'second', LEASE_MS)).toBeNull();
    await silence(run, LEASE_MS + 1);
    expect(await control.journal.claim(run.uuid, 'second', LEASE_MS)).toMatchObject({ owner: 'second' });
    expect(await control.journal.heartbeat(first)).toBe(false);
  });

  // Protocol: I4
  it('that is lost fences everything that its owner still tries', async () => {
    const lost = await claimRun(scene, run, 'first');
    await silence(run, LEASE_MS + 1);
    await claimRun(scene, run, 'second');
    for (const attempt of attemptsBeforeStart(lost)) await expect(attempt()).rejects.toMatchObject({ code: 'FENCED' });
    expect(await scene.tenant.store.run(run.uuid)).toMatchObject({ state: 'waiting_for_lock', epoch: 0 });
  });

  it('is refused for a run that nobody knows, or that is finished', async () => {
    const owned = await claimRun(scene, run);
    await control.journal.fail(owned, { code: 'LOCK_TIMEOUT', error: 'late', context: {} });
    expect(await control.journal.claim(run.uuid, 'other', LEASE_MS)).toBeNull();
    expect(await control.journal.claim(scene.api.uuid, 'other', LEASE_MS)).toBeNull();
  });
});

function attemptsBeforeStart(owned: OwnedRun): (() => Promise<unknown>)[] {
  const { journal } = control;
  return [
    () => journal.giveBack(owned, 'why'),
    () => journal.waitedMs(owned),
    () => journal.start(owned, NOTHING, 1),
    () => journal.recordEvent(owned, 'blocked', { endpoint_id: 'shop', blockers: [], reason: 'why' }),
    () => journal.fail(owned, { code: 'LOCK_TIMEOUT', error: 'late', context: {} }),
  ];
}
