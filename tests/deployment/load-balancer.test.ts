import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@eden/testkit';
import { HAPROXY, NGINX } from '../load-balancer/balancers.js';
import { REPOSITORY, note, readProjectFile } from './repository.js';

const CONFIGURATION = HAPROXY.file;
const isInstalled = spawnSync('haproxy', ['-v']).status === 0;
if (!isInstalled) note(`HAProxy is not installed, so ${CONFIGURATION} is read but not run.`);
const testWithHaproxy = isInstalled ? test : test.skip;

const text = readProjectFile(CONFIGURATION);

/** An HTTP server in a gateway's place, that can be told to drain or be ended. */
class Upstream {
  ready = true;
  /** Ends without an answer. */
  mute = false;
  readonly received: { readonly url: string | undefined; readonly headers: IncomingHttpHeaders }[] = [];
  readonly #server: Server;

  constructor(readonly name: string) {
    this.#server = createServer(({ url, headers }, response) => {
      if (url === '/readyz') return response.writeHead(this.ready ? 200 : 503).end();
      this.received.push({ url, headers });
      if (this.mute) return response.destroy();
      return response.setHeader('X-Upstream', name).end();
    });
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

async function freePort(): Promise<number> {
  const probe = new Upstream('probe');
  await probe.listen();
  const { port } = probe;
  probe.close();
  return port;
}

describe('the load balancer', () => {
  const folder = mkdtempSync(join(tmpdir(), 'eden-haproxy-'));
  let upstreams: Upstream[];
  let balancer: ChildProcess;
  let address: string;

  afterAll(() => rmSync(folder, { recursive: true }));

  beforeEach(async () => {
    upstreams = [new Upstream('a'), new Upstream('b')];
    await Promise.all(upstreams.map((upstream) => upstream.listen()));
    if (!isInstalled) return;
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const ports = upstreams.map((upstream) => upstream.port);
    writeFileSync(join(folder, 'haproxy.cfg'), HAPROXY.configuration(port, ports));
    balancer = spawn('haproxy', ['-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' });
    await eventually(async () => expect(new Set(await answerers())).toEqual(new Set(['a', 'b'])));
  });

  afterEach(async () => {
    for (const upstream of upstreams) upstream.close();
    if (!isInstalled) return;
    balancer.kill('SIGKILL');
    await once(balancer, 'exit');
  });

  async function ask(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${address}${path}`, { headers: { ...headers, connection: 'close' } });
  }

  /** Who answered eight requests. */
  async function answerers(): Promise<(string | null)[]> {
    const responses = await Promise.all(Array.from({ length: 8 }, () => ask('/api/v1/migrations')));
    return responses.map((response) => response.headers.get('X-Upstream'));
  }

  test('waits longer for an answer than a gateway takes to give one', () => {
    const seconds = [...text.matchAll(/^ *timeout (?:client|server) (\d+)s$/gm)].map(([, value]) => Number(value));
    expect(seconds).toHaveLength(2);
    for (const value of seconds) expect(value).toBeGreaterThan(60);
  });

  testWithHaproxy('has a configuration that HAProxy accepts', () => {
    const { status, stderr } = spawnSync('haproxy', ['-c', '-f', join(REPOSITORY, CONFIGURATION)], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  testWithHaproxy(
    'gives a gateway that drains no new requests, and some again when it is ready',
    async () => {
      const [first] = upstreams;
      if (first === undefined) throw new Error('no upstream');
      first.ready = false;
      await eventually(async () => expect(new Set(await answerers())).toEqual(new Set(['b'])));
      first.ready = true;
      await eventually(async () => expect(new Set(await answerers())).toEqual(new Set(['a', 'b'])));
    },
    30_000,
  );

  testWithHaproxy('answers all requests when a gateway is gone', async () => {
    upstreams[0]?.close();
    expect(new Set(await answerers())).toEqual(new Set(['b']));
  });

  testWithHaproxy(
    'answers as the gateways would while none of them is ready',
    async () => {
      for (const upstream of upstreams) upstream.ready = false;
      const response = await eventually(async () => {
        const answer = await ask('/api/v1/migrations');
        expect(answer.status).toBe(503);
        return answer;
      });
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(response.headers.get('retry-after')).toBe('2');
      const body = (await response.json()) as Record<string, unknown>;
      expect(body).toEqual({
        error: 'Service unavailable',
        details: 'No gateway is ready',
        code: 'SERVICE_UNAVAILABLE',
        request_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      });
      expect(response.headers.get('x-request-id')).toBe(body['request_id']);
      const hidden = await ask('/metrics');
      expect({ status: hidden.status, body: await hidden.json() }).toMatchObject({
        status: 404,
        body: { error: 'Route not found', code: 'ROUTE_NOT_FOUND' },
      });
    },
    30_000,
  );

  testWithHaproxy('hands on who asked, and not whom they claim to be', async () => {
    await ask('/api/v1/auth/login', {
      'X-Forwarded-For': '203.0.113.9',
      Forwarded: 'for=203.0.113.9',
      'X-Request-Id': 'mine',
    });
    const seen = upstreams.flatMap(({ received }) => received).find(({ url }) => url === '/api/v1/auth/login');
    expect(seen?.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-request-id': 'mine' });
    expect(seen?.headers.forwarded).toBeUndefined();
  });

  testWithHaproxy('sends a read again, and a login that comes back from an identity provider once', async () => {
    for (const upstream of upstreams) upstream.mute = true;
    const timesOf = async (path: string): Promise<number> => {
      expect((await ask(path)).status).toBe(502);
      return upstreams.flatMap(({ received }) => received).filter(({ url }) => url === path).length;
    };
    expect(await timesOf('/api/v1/endpoints')).toBeGreaterThan(1);
    expect(await timesOf('/api/v1/auth/oidc/callback?code=once')).toBe(1);
  });

  testWithHaproxy('keeps the metrics inside', async () => {
    expect((await ask('/metrics')).status).toBe(404);
    expect((await ask('/healthz')).status).toBe(200);
  });
});

const hasNginx = spawnSync('nginx', ['-v']).status === 0;
if (!hasNginx) note(`nginx is not installed, so ${NGINX.file} is read but not run.`);
const testWithNginx = hasNginx ? test : test.skip;

testWithNginx(
  'nginx answers as the gateways would while none of them is there, and keeps the metrics inside',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'eden-nginx-'));
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, NGINX.configuration(port, [await freePort(), await freePort()]));
    const nginx = spawn('nginx', NGINX.args(file, folder), { stdio: 'ignore' });
    try {
      const answer = await eventually(() => fetch(`http://127.0.0.1:${port}/api/v1/migrations`));
      const body = (await answer.json()) as Record<string, unknown>;
      expect({ status: answer.status, wait: answer.headers.get('retry-after'), body }).toEqual({
        status: 503,
        wait: '2',
        body: {
          error: 'Service unavailable',
          details: 'No gateway is ready',
          code: 'SERVICE_UNAVAILABLE',
          request_id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        },
      });
      expect(answer.headers.get('x-request-id')).toBe(body['request_id']);
      expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);
    } finally {
      nginx.kill('SIGTERM');
      await once(nginx, 'exit');
      rmSync(folder, { recursive: true });
    }
  },
);
