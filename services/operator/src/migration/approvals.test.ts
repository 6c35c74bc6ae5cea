import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import type { EdenConnection, EdenMigration, EdenMigrationApproval } from '../resources/objects.js';
import { findApproval, type ApprovalReader } from './approvals.js';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Says of each key that it is a robot of that name, an administrator. */
async function gateway(): Promise<string> {
  const server = createServer(({ headers }, response) => {
    const name = headers.authorization?.replace('Bearer ', '');
    const data = { organization: 'shop', name, uuid: name, level: 'Admin', scopes: ['read', 'approve'] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'success', data }));
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const subject = { specHash: 'spec', planHash: 'plan', release: 'shop' };
const metadata = (name: string) => ({ name, namespace: 'n', uid: 'u', generation: 1, resourceVersion: '1' });
const migration = {
  metadata: metadata('shop'),
  spec: { connectionRef: { name: 'migrator' }, approval: 'Manual' },
} as EdenMigration;

/** A namespace with an approval by the connection `approver`. */
function namespaceOf(urls: Readonly<Record<'migrator' | 'approver', string>>): ApprovalReader {
  const approval = {
    metadata: metadata('yes'),
    spec: { connectionRef: { name: 'approver' }, migrationRef: { name: 'shop' }, specHash: 'spec' },
  } as EdenMigrationApproval;
  const connections = Object.entries(urls).map(
    ([name, url]) => ({ metadata: metadata(name), spec: { url, secretRef: { name, key: 'token' } } }) as EdenConnection,
  );
  return {
    list: () => Promise.resolve([approval] as never),
    read: (_, { name }) => Promise.resolve((connections.find((each) => each.metadata.name === name) ?? null) as never),
    readSecret: ({ name }) => Promise.resolve({ version: '1', values: { token: name } }),
    readConfigMap: () => Promise.resolve(null),
  };
}

test('another robot of the same gateway lets the plan run', async () => {
  const url = await gateway();
  const found = await findApproval(namespaceOf({ migrator: url, approver: `${url}/` }), migration, subject);
  expect(found).toMatchObject({ status: 'True', reason: 'Accepted' });
});

test('a server of the approver’s own choice says nothing, whomever it names', async () => {
  const cluster = namespaceOf({ migrator: await gateway(), approver: await gateway() });
  const found = await findApproval(cluster, migration, subject);
  expect(found).toMatchObject({ status: 'False', reason: 'AwaitsApproval' });
  expect(found.message).toContain('EdenConnection approver has another url or caRef');
});
