import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  adoptPlace,
  ApiClient,
  createControlDatabase,
  eventually,
  redisDatabase,
  startTcpProxy,
  withClient,
} from '@eden/testkit';
import type { TestDatabase } from '@eden/testkit';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';

const PATIENT = { MIGRATE_WAIT_MS: '60000' };

let control: TestDatabase;
let gateway: TestGateway | undefined;

afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

/** A gateway of the test's own, and a SuperAdmin. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<{ url: string; client: ApiClient }> {
  control = await createControlDatabase();
  const started = await startTestGateway({ DATABASE_URL: control.url, REDIS_URL: await redisDatabase(), ...env });
  gateway = started;
  return { url: started.url, client: new ApiClient(started.url, await started.createOrganization('acme')) };
}

async function stop(): Promise<void> {
  const stopping = gateway?.stop();
  gateway = undefined;
  await stopping;
}

/** Resolves when the control database holds a run: its request is then waiting for it. */
async function runAccepted(): Promise<void> {
  await withClient(control.url, (session) =>
    eventually(async () => {
      const { rowCount } = await session.query('SELECT FROM runs');
      expect(rowCount).toBe(1);
    }),
  );
}

function through(url: string, port: number): string {
  return Object.assign(new URL(url), { port: String(port) }).href;
}

async function activeRequests(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^eden_http_requests_active (\d+)$/m.exec(text)?.[1]);
}

describe('a gateway that is told to stop', () => {
  it('answers what waits for a run with 202, and then nothing more', async () => {
    const { url, client } = await start(PATIENT);
    await client.post('/migrations', { id: 'm' });
    const waiting = client.post('/migrations/m/sync');
    await runAccepted();
    const [answer] = await Promise.all([waiting, stop()]);
    expect(answer).toMatchObject({ status: 202, body: { message: 'migration sync started' } });
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('does not wait for connections that are kept alive, or were opened in advance', async () => {
    const { url } = await start();
    await (await fetch(`${url}/healthz`, { headers: { connection: 'keep-alive' } })).text();
    const early = connect(Number(new URL(url).port), '127.0.0.1');
    await once(early, 'connect');
    const startedAt = performance.now();
    await stop();
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });
});

describe('a client that hangs up', () => {
  it('ends the wait for its run, not the run', async () => {
    const { url, client } = await start(PATIENT);
    await client.post('/migrations', { id: 'm' });
    const hangUp = new AbortController();
    const request = fetch(`${url}/api/v1/migrations/m/sync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${client.token}` },
      signal: hangUp.signal,
    });
    await runAccepted();
    expect(await activeRequests(url)).toBe(2);
    hangUp.abort();
    await expect(request).rejects.toThrow();
    await eventually(async () => expect(await activeRequests(url)).toBe(1));
    expect((await client.get('/migrations/m/runs')).body).toMatchObject({ data: [{ state: 'queued' }] });
  });
});

describe('a gateway without lock masters', () => {
  it('is ready, says so, and accepts runs at once with 202', async () => {
    const redisUrl = await redisDatabase();
    const redis = await startTcpProxy(Number(new URL(redisUrl).port));
    const { url, client } = await start({ ...PATIENT, REDIS_URL: through(redisUrl, redis.port) });
    await client.post('/migrations', { id: 'm' });
    redis.pause();
    const startedAt = performance.now();
    expect((await client.post('/migrations/m/sync')).status).toBe(202);
    expect(performance.now() - startedAt).toBeLessThan(5000);
    const readiness = await fetch(`${url}/readyz`);
    expect({ status: readiness.status, body: await readiness.json() }).toEqual({
      status: 200,
      body: { status: 'ready', checks: { control_database: 'ok', lock_quorum: 'unavailable' } },
    });
    expect((await client.get('/migrations/m/lock')).status).toBe(503);
  });
});

describe('a gateway without its control database', () => {
  it('is alive but not ready, answers 503 within two seconds, and comes back by itself', async () => {
    const { url: direct } = await createControlDatabase();
    const database = await startTcpProxy(Number(new URL(direct).port));
    await adoptPlace(through(direct, database.port));
    const { url, client } = await start({ DATABASE_URL: through(direct, database.port) });
    database.pause();
    const startedAt = performance.now();
    const answer = await client.get('/migrations');
    // The contract's bound, which clients rely on.
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect(answer).toMatchObject({ status: 503, body: { error: 'Service unavailable', code: 'SERVICE_UNAVAILABLE' } });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    database.resume();
    await eventually(async () => expect((await client.get('/migrations')).status).toBe(200));
  });
});
