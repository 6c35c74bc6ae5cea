import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { withClient } from '@eden/testkit';
import type { OwnedRun, Run } from '@eden/domain';
import type { ControlDatabase } from '../control-database.js';
import { newControl } from '../testing/control.js';
import { claimRun, LEASE_MS, NOTHING, queueRun } from '../testing/runs.js';
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
    await control.journal.giveBack(first);
    const second = await claimRun(scene, run, 'other');
    expect(await control.journal.waitedMs(second)).toBeGreaterThanOrEqual(waitedMs);
    expect(await eventTypes()).toEqual(['queued', 'waiting_for_lock']);
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
    () => journal.giveBack(owned),
    () => journal.waitedMs(owned),
    () => journal.start(owned, NOTHING, 1),
    () => journal.recordEvent(owned, 'blocked', { endpoint_id: 'shop', blockers: [] }),
    () => journal.fail(owned, { code: 'LOCK_TIMEOUT', error: 'late', context: {} }),
  ];
}
