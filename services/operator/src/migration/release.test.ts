import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { ApiException } from '@kubernetes/client-node';
import type { EdenMigration } from '../resources/objects.js';
import { releaseMigration, type ReleaseDeps } from './release.js';

const DELETED = '2026-11-26T12:00:00Z';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A gateway that has these migrations, and what was deleted there. */
async function gateway(
  ...migrations: readonly (readonly [id: string, line?: string])[]
): Promise<{ url: string; deleted: string[] }> {
  const deleted: string[] = [];
  const data = migrations.map(([id, line]) => ({ id, labels: line === undefined ? {} : { 'eden.dev/line': line } }));
  const server = createServer(({ method, url = '' }, response) => {
    if (method === 'DELETE') deleted.push(url.slice('/api/v1/migrations/'.length));
    const body = { status: 'success', data, next_cursor: null };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, deleted };
}

function depsOf(url: string, { readSecret, seconds = 1 }: { readSecret?: () => never; seconds?: number } = {}) {
  const cluster = {
    read: () =>
      Promise.resolve({ metadata: { namespace: 'n' }, spec: { url, secretRef: { name: 's', key: 'token' } } }),
    readSecret: () => new Promise((resolve) => resolve(readSecret?.() ?? { version: '1', values: { token: 'key' } })),
  } as unknown as ReleaseDeps['cluster'];
  return { cluster, now: () => new Date(Date.parse(DELETED) + seconds * 1000), releaseTimeoutMs: 60_000 };
}

const migration = {
  metadata: { name: 'shop', namespace: 'n', deletionTimestamp: DELETED },
  spec: { connectionRef: { name: 'eden' }, migrationId: 'others' },
  status: { migrationId: 'shop' },
} as unknown as EdenMigration;

test('the line that the object has stood for goes, not the one that its spec names since', async () => {
  const { url, deleted } = await gateway(['shop'], ['shop-2', 'shop'], ['others'], ['others-2', 'others']);
  expect(await releaseMigration(depsOf(url), migration)).toMatchObject({ kind: 'released' });
  expect(deleted.toSorted()).toEqual(['shop', 'shop-2']);
});

test('what another object has stood for stays, however alike it is called', async () => {
  const { url, deleted } = await gateway(['shop', 'shop'], ['shop-2', 'shop-2'], ['shop-3', 'shop'], ['shop-2024']);
  expect(await releaseMigration(depsOf(url), migration)).toMatchObject({ message: 'Deleted shop-3, shop' });
  expect(deleted).toEqual(['shop-3', 'shop']);
});

test('a Secret that may not be read is waited for, and not for ever', async () => {
  const readSecret = (): never => {
    throw new ApiException(403, 'Forbidden', JSON.stringify({ reason: 'Forbidden', message: 'no' }), {});
  };
  const after = (seconds: number) => releaseMigration(depsOf('http://127.0.0.1:1', { readSecret, seconds }), migration);
  expect(await after(59)).toMatchObject({ kind: 'not yet' });
  expect(await after(61)).toEqual({ kind: 'given up', message: 'the API server answers 403 Forbidden: no' });
});
