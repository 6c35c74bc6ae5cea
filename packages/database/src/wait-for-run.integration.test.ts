import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, startTcpProxy, withClient, type TcpProxy } from '@eden/testkit';
import type { OrganizationReader, Run } from '@eden/domain';
import type { ControlDatabase } from './control-database.js';
import { ControlHosts } from './control-hosts.js';
import { createNotifications } from './listen.js';
import { newControl, openControl } from './testing/control.js';
import { claimRun, queueRun } from './testing/runs.js';
import { createScene, type Scene } from './testing/tenants.js';
import { waitForRun } from './wait-for-run.js';

const FAILURE = { code: 'LOCK_TIMEOUT', error: 'late', context: {} } as const;
/** Far longer than the test may take. */
const LONG_MS = 600_000;

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

function wait(on: ControlDatabase, timeoutMs: number, signal?: AbortSignal): Promise<Run> {
  return on.store.waitForRun(scene.tenant.uuid, run.uuid, timeoutMs, signal);
}

async function finish(): Promise<void> {
  await control.journal.fail(await claimRun(scene, run), FAILURE);
}

describe('waiting for a run', () => {
  it('ends when the run is finished, for all who wait', async () => {
    const other = openControl(url);
    try {
      const waits = [wait(control, LONG_MS), wait(control, LONG_MS), wait(other, LONG_MS)];
      await finish();
      for (const ended of await Promise.all(waits)) expect(ended).toMatchObject({ uuid: run.uuid, state: 'failed' });
    } finally {
      await other.close();
    }
  });

  it('ends at once when the run is finished already', async () => {
    await finish();
    expect(await wait(control, 0)).toMatchObject({ state: 'failed' });
  });

  it('answers the run as it is when the time is over, or nobody wants to know any more', async () => {
    expect(await wait(control, 50)).toMatchObject({ state: 'queued' });
    const leaving = new AbortController();
    const waiting = wait(control, LONG_MS, leaving.signal);
    leaving.abort();
    expect(await waiting).toMatchObject({ state: 'queued' });
  });

  it('does without notifications, if need be', async () => {
    await withClient(url, (client) => client.query('ALTER TABLE runs DISABLE TRIGGER notify_finished'));
    const waiting = wait(control, LONG_MS);
    await finish();
    expect(await waiting).toMatchObject({ state: 'failed' });
    await withClient(url, (client) => client.query('ALTER TABLE runs ENABLE TRIGGER notify_finished'));
  });

  it('outlives a database that is away for a while', async () => {
    const proxy = await startTcpProxy(Number(new URL(url).port));
    const shaky = openControl(through(proxy));
    const notifications = createNotifications(new ControlHosts(through(proxy)));
    try {
      const reader = shaky.store.organization(scene.tenant.uuid);
      const outcomes: string[] = [];
      const observed: OrganizationReader = {
        ...reader,
        run: async (uuid) => {
          const read = reader.run(uuid);
          outcomes.push(...(await read.then(() => ['seen']).catch(() => ['away'])));
          return read;
        },
      };
      const waiting = waitForRun(observed, notifications, { runUuid: run.uuid, timeoutMs: LONG_MS, signal: undefined });
      await eventually(() => expect(outcomes).toContain('seen'));
      proxy.pause();
      await eventually(() => expect(outcomes).toContain('away'));
      await finish();
      proxy.resume();
      expect(await waiting).toMatchObject({ state: 'failed' });
    } finally {
      await Promise.all([notifications.close(), shaky.close()]);
    }
  });
});

function through(proxy: TcpProxy): string {
  const address = new URL(url);
  address.port = String(proxy.port);
  return address.toString();
}
