import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { CoordinationV1Api, KubeConfig, V1MicroTime } from '@kubernetes/client-node';
import { eventually, KubernetesApiServer } from '@eden/testkit';
import { Cluster } from '../kubernetes/cluster.js';
import { lead, type Candidate, type Leadership } from './leader-election.js';

const DURATION_MS = 1_000;
const LEASE = { namespace: 'default', name: 'eden-operator' };

let server: KubernetesApiServer;
let stopping: AbortController;
let config: KubeConfig;
const held: Leadership[] = [];

beforeEach(async () => {
  server = await KubernetesApiServer.start();
  config = new KubeConfig();
  config.loadFromString(server.kubeConfig);
  stopping = new AbortController();
});

afterEach(async () => {
  stopping.abort();
  server.faults.clear();
  await Promise.all(held.splice(0).map((leadership) => leadership.resign()));
  await server.stop();
});

const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => silent };
function ignore(): void {
  // Nobody reads the log of a test that passes.
}

function candidate(identity: string, durationMs = DURATION_MS): Candidate {
  return {
    cluster: new Cluster(config, { timeoutMs: 300 }),
    lease: LEASE,
    identity,
    durationMs,
    log: silent,
  };
}

/** With time to spare on a busy machine, where the test is about what is not lost. */
const LONG_MS = 6_000;

async function win(identity: string, durationMs = DURATION_MS): Promise<Leadership> {
  const leadership = await lead(candidate(identity, durationMs), stopping.signal);
  if (leadership !== null) held.push(leadership);
  return leadership as Leadership;
}

function leases(): CoordinationV1Api {
  return config.makeApiClient(CoordinationV1Api);
}

async function holder(): Promise<string | undefined> {
  return (await leases().readNamespacedLease(LEASE)).spec?.holderIdentity;
}

test('of two who ask at the same time one leads, and its times have six digits', async () => {
  const first = await Promise.race(['a', 'b'].map((identity) => win(identity).then(() => identity)));
  expect(await holder()).toBe(first);
  const { spec } = await leases().readNamespacedLease(LEASE);
  expect(spec).toMatchObject({ leaseDurationSeconds: 1, renewTime: expect.stringMatching(/\.\d{6}Z$/) });
});

test('a lease that is renewed is not taken, however wrong the clock of its holder is', async () => {
  const spec = { holderIdentity: 'other', leaseDurationSeconds: 1, renewTime: new V1MicroTime('2001-01-01T00:00:00Z') };
  await leases().createNamespacedLease({ namespace: 'default', body: { metadata: { name: LEASE.name }, spec } });
  let isOurs = false;
  const ours = win('a').then(() => (isOurs = true));
  for (let second = 1; second <= 6; second += 1) {
    await delay(300);
    const current = await leases().readNamespacedLease(LEASE);
    const renewTime = new V1MicroTime(`2001-01-01T00:00:0${second}Z`);
    await leases().replaceNamespacedLease({ ...LEASE, body: { ...current, spec: { ...spec, renewTime } } });
    expect(isOurs).toBe(false);
  }
  await ours;
  expect(await holder()).toBe('a');
});

test('a lease whose time is in the future, and that nobody renews, is taken', async () => {
  const spec = { holderIdentity: 'dead', leaseDurationSeconds: 1, renewTime: new V1MicroTime('2099-01-01T00:00:00Z') };
  await leases().createNamespacedLease({ namespace: 'default', body: { metadata: { name: LEASE.name }, spec } });
  await win('a');
  expect((await leases().readNamespacedLease(LEASE)).spec).toMatchObject({ holderIdentity: 'a', leaseTransitions: 1 });
});

test('who cannot renew has lost it before anybody else may take it', async () => {
  const { lost } = await win('a', LONG_MS);
  const startedAt = performance.now();
  server.faults.add({ matches: () => true, fault: { kind: 'silence' } });
  await once(lost, 'abort');
  expect((lost.reason as Error).message).toContain('The lease is lost');
  expect(performance.now() - startedAt).toBeLessThan(LONG_MS);
});

test('whose lease somebody else has taken has lost it', async () => {
  const { lost } = await win('a');
  const current = await leases().readNamespacedLease(LEASE);
  await leases().replaceNamespacedLease({
    ...LEASE,
    body: { ...current, spec: { ...current.spec, holderIdentity: 'thief' } },
  });
  await once(lost, 'abort');
  expect((lost.reason as Error).message).toBe('The lease is lost: thief has taken it');
});

test('conflicts and single failures lose nothing', async () => {
  const { lost } = await win('a', LONG_MS);
  server.faults.add({ matches: ({ method }) => method === 'PUT', times: 1, fault: { kind: 'answer', code: 409 } });
  const { spent } = server.faults.add({
    matches: ({ method }) => method === 'GET',
    times: 1,
    fault: { kind: 'answer', code: 500 },
  });
  await spent;
  const before = (await leases().readNamespacedLease(LEASE)).spec?.renewTime;
  await eventually(async () => expect((await leases().readNamespacedLease(LEASE)).spec?.renewTime).not.toBe(before));
  expect(lost.aborted).toBe(false);
});

test('who resigns lets the next one lead at once', async () => {
  const first = await win('a');
  const next = win('b');
  await first.resign();
  expect(await holder()).toBe('');
  await next;
  expect(await holder()).toBe('b');
});

test('who stops asking never leads', async () => {
  await win('a');
  const asking = new AbortController();
  const waiting = lead(candidate('b'), asking.signal);
  asking.abort();
  expect(await waiting).toBeNull();
});
