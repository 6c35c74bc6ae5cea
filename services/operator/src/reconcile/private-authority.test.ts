import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EdenConnection } from '../resources/objects.js';
import type { ConfigMapContent, SecretContent } from '../kubernetes/cluster.js';
import { identify, openConnection } from './connect.js';

/** An authority of its own for each, so that one signs nothing of the other. */
function certificate(): { readonly key: Buffer; readonly cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'eden-authority-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const names = ['-subj', '/CN=gateway', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const form = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...form, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const made = { key: readFileSync(key), cert: readFileSync(cert) };
  rmSync(folder, { recursive: true });
  return made;
}

const own = certificate();
const bodies: string[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer(own, (request, response) => {
    bodies.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const data = { organization: 'shop', name: 'ci', uuid: 'u', level: 'Admin', scopes: null };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'success', data }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Who the robot is over a connection that believes this authority. */
function identifyBy(ca: string | undefined, kind: 'ConfigMap' | 'Secret' = 'ConfigMap') {
  const cluster = {
    readSecret: ({ name }: { name: string }): Promise<SecretContent> =>
      Promise.resolve({ version: '1', values: name === 'robot' ? { token: 'key' } : { 'ca.crt': ca ?? '' } }),
    readConfigMap: (): Promise<ConfigMapContent> => Promise.resolve({ data: { 'ca.crt': ca ?? '' }, binaryData: {} }),
  };
  const { port } = server.address() as AddressInfo;
  const spec = {
    url: `https://127.0.0.1:${port}`,
    secretRef: { name: 'robot', key: 'token' },
    ...(ca === undefined ? {} : { caRef: { kind, name: 'authority', key: 'ca.crt' } }),
  };
  const connection = { metadata: { namespace: 'n', name: 'eden' }, spec } as EdenConnection;
  return openConnection(cluster, connection).then(identify);
}

test.each(['ConfigMap', 'Secret'] as const)(
  'a gateway is believed whose certificate the authority of a %s has signed',
  async (kind) => {
    expect(await identifyBy(own.cert.toString(), kind)).toMatchObject({ name: 'ci' });
    expect(bodies.at(-1)).toBe('GET /api/v1/auth/me Bearer key');
  },
);

test('without it, and by another authority, nobody is', async () => {
  const heard = bodies.length;
  await expect(identifyBy(undefined)).rejects.toThrow('does not answer (');
  await expect(identifyBy(certificate().cert.toString())).rejects.toThrow('does not answer (');
  await expect(identifyBy('no certificate')).rejects.toThrow('does not answer (');
  expect(bodies).toHaveLength(heard);
});
