import { beforeAll, describe, expect, it } from '@jest/globals';
import { gateVerdict, isEdenError, type GateStanding } from '@eden/domain';
import { atEndOfFile, eventually, startTcpProxy } from '@eden/testkit';
import { createClient, type Client } from './client.js';
import { ControlHosts } from './control-hosts.js';
import type { ControlDatabase } from './control-database.js';
import { GateWatch } from './gate-watch.js';
import { createNotifications, type Notifications } from './listen.js';
import { createPool } from './pool.js';
import { newControl } from './testing/control.js';
import { carryOut, claimRun, queueRun, sync } from './testing/runs.js';
import { addMigration, attach, createScene, createTenant, type Scene } from './testing/tenants.js';

/** Far longer than the test may take. */
const LONG_MS = 600_000;

let url: string;
let control: ControlDatabase;
let queries: number;
let gates: GateWatch;
let scene: Scene;

beforeAll(async () => {
  ({ url, control } = await newControl());
  gates = await watchOf(url);
  scene = await createScene(control);
  await attach(scene);
});

/** The gates of another process, which counts what the control database has answered. */
async function watchOf(databaseUrl: string): Promise<GateWatch> {
  const hosts = new ControlHosts(databaseUrl);
  const client = createClient(createPool(hosts, 4));
  const notifications = createNotifications(hosts);
  atEndOfFile(async () => {
    await notifications.close();
    await client.$disconnect();
  });
  await untilListening(notifications);
  return new GateWatch(counting(client), notifications);
}

function untilListening(notifications: Notifications): Promise<void> {
  return new Promise((resolve) => {
    const stop = notifications.on('eden_gate', () => {
      stop();
      resolve();
    });
  });
}

function counting(client: Client): Client {
  queries = 0;
  return client.$extends({
    query: {
      $allOperations: async ({ args, query }) => {
        const answer = (await query(args)) as unknown;
        queries += 1;
        return answer;
      },
    },
  }) as unknown as Client;
}

interface Wait {
  readonly timeoutMs?: number;
  readonly missing?: 'wait';
  readonly signal?: AbortSignal;
}

function wait(ref: string, { timeoutMs = LONG_MS, missing, signal = new AbortController().signal }: Wait = {}) {
  const isOver = (standing: GateStanding | null): boolean =>
    standing === null ? missing !== 'wait' : gateVerdict(standing, 'completed') !== 'waiting';
  return gates.wait({ organizationUuid: scene.tenant.uuid, ref, isOver, timeoutMs, signal });
}

describe('the gates of a process', () => {
  it('cost thousands who wait for one migration a query for each of its changes, and let them all in', async () => {
    const waits = Array.from({ length: 3_000 }, (_, n) => wait(n % 2 === 0 ? 'v2' : scene.migration.uuid));
    await eventually(() => expect(queries).toBeGreaterThan(0));
    await sync(scene);
    await carryOut(scene, 'migrate');
    const standings = await Promise.all(waits);
    for (const standing of standings) {
      expect(standing).toMatchObject({ state: 'Completed', run: { kind: 'migrate', state: 'succeeded' } });
    }
    // Two names of it; two statements for each look; each step of two runs may be seen by itself.
    expect(queries).toBeLessThan(80);
  });

  it('cost those who wait for a thousand migrations one query together', async () => {
    const before = queries;
    const leaving = new AbortController();
    const waits = Array.from({ length: 1_000 }, (_, n) =>
      wait(`missing-${n}`, { missing: 'wait', signal: leaving.signal }),
    );
    await eventually(() => expect(queries).toBeGreaterThan(before));
    await addMigration(scene.tenant, 'missing-999');
    leaving.abort();
    const standings = await Promise.all(waits);
    expect(standings.filter((standing) => standing === null).length).toBeGreaterThanOrEqual(999);
    expect(queries - before).toBeLessThan(20);
  });

  it('see a migration that is made while they wait, one that is deleted, and none of another organization', async () => {
    const coming = wait('coming', { missing: 'wait' });
    const stranger = await createTenant(control);
    await addMigration(stranger, 'coming');
    const migration = await addMigration(scene.tenant, 'coming');
    const run = await queueRun({ ...scene, migration }, 'sync');
    const error = { code: 'LOCK_TIMEOUT', error: 'late', context: {} } as const;
    await control.journal.fail(await claimRun(scene, run), error);
    expect(await coming).toMatchObject({ migrationUuid: migration.uuid, state: 'Pending', run: { state: 'failed' } });
    const gone = await addMigration(scene.tenant, 'gone');
    const waiting = wait(gone.uuid);
    await scene.tenant.store.transact((tx) => tx.deleteMigration(gone.uuid));
    expect(await waiting).toBeNull();
  });

  it('answer what they know when the time is over, or when nobody wants to know any more', async () => {
    await addMigration(scene.tenant, 'idle');
    expect(await wait('idle', { timeoutMs: 0 })).toMatchObject({ state: 'Pending', run: null });
    expect(await wait('idle', { timeoutMs: 50 })).toMatchObject({ state: 'Pending', run: null });
    const leaving = new AbortController();
    const waiting = wait('idle', { signal: leaving.signal });
    leaving.abort();
    expect(await waiting).toMatchObject({ state: 'Pending' });
  });

  it('wait for a control database that goes away once they have seen it, and fail where it was never there', async () => {
    const proxy = await startTcpProxy(Number(new URL(url).port));
    const through = new URL(url);
    through.port = String(proxy.port);
    gates = await watchOf(through.toString());
    await addMigration(scene.tenant, 'patient');
    const leaving = new AbortController();
    const waiting = wait('patient', { signal: leaving.signal });
    await eventually(() => expect(queries).toBeGreaterThan(1));
    proxy.pause();
    const late = await wait('patient').catch((error: unknown) => error);
    expect(isEdenError(late, 'SERVICE_UNAVAILABLE')).toBe(true);
    expect(await Promise.race([waiting, Promise.resolve('still waiting')])).toBe('still waiting');
    proxy.resume();
    leaving.abort();
    expect(await waiting).toMatchObject({ state: 'Pending' });
  });
});
