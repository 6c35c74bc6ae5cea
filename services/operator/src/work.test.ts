import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { eventually, KubernetesApiServer } from '@eden/testkit';
import { parse } from 'yaml';
import type { OperatorContext } from './context.js';
import { Cluster } from './kubernetes/cluster.js';
import { References } from './references.js';
import type { Resource } from './resources/objects.js';
import { Changes, startWork, type Work } from './work.js';

/** So long that no round comes in the time of a test. */
const HOUR_MS = 3_600_000;
const DEFINITIONS = join(import.meta.dirname, '..', '..', '..', 'charts', 'eden-migrations', 'operator');
const MIGRATIONS = '/apis/eden.dev/v1alpha1/namespaces/default/edenmigrations';

let server: KubernetesApiServer | undefined;
let work: Work | undefined;

async function post(url: string, body: object): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.status).toBe(201);
}

function contextOf(server: KubernetesApiServer, results: string[]): OperatorContext {
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(server.kubeConfig);
  const nothing = (): void => undefined;
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const telemetry = {
    log,
    watchInterrupted: nothing,
    stalledObserved: nothing,
    reconciled: (_: string, result: string) => results.push(result),
  };
  const deps = { cluster: new Cluster(kubeConfig), log, identity: 'this', now: () => new Date() };
  return { telemetry, kubeConfig, namespace: undefined, resyncMs: HOUR_MS, deps } as unknown as OperatorContext;
}

afterEach(async () => {
  await work?.stop();
  await server?.stop();
});

test('a status that conflicts is written by another look, without a change and without a round', async () => {
  server = await KubernetesApiServer.start({ bookmarkMs: 10_000 });
  const { url, faults } = server;
  for (const file of readdirSync(DEFINITIONS).filter((name) => name.startsWith('eden'))) {
    const definition = parse(readFileSync(join(DEFINITIONS, file), 'utf8')) as object;
    await post(`${url}/apis/apiextensions.k8s.io/v1/customresourcedefinitions`, definition);
  }
  const spec = { connectionRef: { name: 'eden' }, suspend: true };
  await post(`${url}${MIGRATIONS}`, { metadata: { name: 'shop' }, spec });
  faults.add({
    matches: ({ method, path }) => method === 'PATCH' && path.endsWith('/status'),
    times: 2,
    fault: { kind: 'answer', code: 409 },
  });
  const results: string[] = [];
  work = startWork(contextOf(server, results));
  await eventually(
    async () => {
      const { status } = (await (await fetch(`${url}${MIGRATIONS}/shop`)).json()) as Resource;
      expect(status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', reason: 'Suspended' }));
      expect(results.slice(0, 3)).toEqual(['conflict', 'conflict', 'ok']);
    },
    { timeoutMs: 10_000 },
  );
});

test('what is missing from a new list has gone, and concerns those that name it', () => {
  const added: string[] = [];
  const forgotten: string[] = [];
  const references = new References();
  const queue = { add: (id: string) => added.push(id), forget: (id: string) => forgotten.push(id) };
  const changes = new Changes(references, queue as unknown as ConstructorParameters<typeof Changes>[1]);
  const object = (kind: string, name: string, spec: object): Resource =>
    ({ kind, metadata: { name, namespace: 'n' }, spec }) as unknown as Resource;
  changes.listed('EdenConnection', [object('EdenConnection', 'eden', {}), object('EdenConnection', 'stays', {})]);
  changes.listed('EdenMigration', [object('EdenMigration', 'shop', { connectionRef: { name: 'eden' } })]);
  added.length = 0;
  changes.listed('EdenConnection', [object('EdenConnection', 'stays', {})]);
  expect(forgotten).toEqual(['EdenConnection/n/eden']);
  expect(added).toEqual(['EdenMigration/n/shop']);
  expect(references.known).toEqual(['EdenConnection/n/stays', 'EdenMigration/n/shop']);
});

test('how many wait for a person is told when one begins to, ceases to or goes', () => {
  const told: string[] = [];
  const queue = { add: () => undefined, forget: () => undefined };
  const changes = new Changes(
    new References(),
    queue as unknown as ConstructorParameters<typeof Changes>[1],
    (kind, objects) => told.push(`${kind} ${objects}`),
  );
  const object = (name: string, isStalled: boolean): Resource =>
    ({
      kind: 'EdenMigration',
      metadata: { name, namespace: 'n' },
      spec: {},
      status: { conditions: [{ type: 'Stalled', status: isStalled ? 'True' : 'False' }] },
    }) as unknown as Resource;
  changes.listed('EdenMigration', []);
  changes.changed(object('shop', true));
  changes.changed(object('shop', true));
  changes.changed(object('till', true));
  changes.changed(object('shop', false));
  changes.gone('EdenMigration/n/till');
  expect(told).toEqual(['EdenMigration 0', 'EdenMigration 1', 'EdenMigration 2', 'EdenMigration 1', 'EdenMigration 0']);
});
