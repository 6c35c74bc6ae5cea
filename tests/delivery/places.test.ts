import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadWorkerConfig } from '@eden/config';
import type { Cluster } from '@eden/testkit';
import {
  type ApiClient,
  atEndOfFile,
  createDatabase,
  eventually,
  freePort,
  redisDatabase,
  startCluster,
  startTcpProxy,
  testServers,
  withClient,
} from '@eden/testkit';
import { JWT_SECRET, startTestGateway } from '../../services/gateway/src/testing/test-gateway.js';
import { createContext } from '../../services/worker/src/context.js';
import { startWorker } from '../../services/worker/src/worker.js';

const NAMED = { EDEN_INSTALLATION: 'tests' };
const DATABASE_PACKAGE = join(import.meta.dirname, '..', '..', 'packages', 'database', 'dist');

/** The answer of a command of the control database: what it printed, or why it failed. */
async function command(name: 'deploy' | 'adopt', env: Record<string, string>, ...options: string[]): Promise<string> {
  const program = join(DATABASE_PACKAGE, `${name}-main.js`);
  try {
    return (await promisify(execFile)(process.execPath, [program, ...options], { env })).stdout;
  } catch (error) {
    return (error as { stderr: string }).stderr;
  }
}

async function deployedDatabase(): Promise<string> {
  const { url } = await createDatabase(testServers().control);
  await command('deploy', { DATABASE_URL: url, ...NAMED });
  return url;
}

/** Another address of the same server. */
async function elsewhere(url: string): Promise<string> {
  const other = new URL(url);
  other.port = String((await startTcpProxy(Number(other.port))).port);
  return other.href;
}

function statusOf(url: string): Promise<number> {
  return fetch(`${url}/readyz`).then(({ status }) => status);
}

// Protocol: I30
describe('processes at an unknown place', () => {
  let cluster: Cluster;
  let env: Record<string, string>;
  let known: ApiClient;

  beforeAll(async () => {
    const url = await deployedDatabase();
    const ours = {
      REDIS_URL: await redisDatabase(),
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      JWT_SECRET,
      ...NAMED,
    };
    cluster = await startCluster({ workers: 0, env: { DATABASE_URL: url, ...ours } });
    env = { ...ours, DATABASE_URL: await elsewhere(url), ENDPOINT_ALLOW_LOOPBACK: 'true', LOG_LEVEL: 'silent' };
    ({ client: known } = await cluster.createOrganization());
    await known.post('/migrations', { id: 'm' });
  });

  it('answer questions, change nothing, and work as soon as the place is adopted', async () => {
    const port = await freePort();
    const worker = await startWorker(
      createContext(loadWorkerConfig({ ...env, METRICS_PORT: String(port), HOST: '127.0.0.1' })),
    );
    const gateway = await startTestGateway(env);
    atEndOfFile(() => Promise.all([worker.stop(), gateway.stop()]));
    const unknown = known.at(gateway.url);

    expect((await unknown.get('/migrations')).status).toBe(200);
    expect(await unknown.post('/migrations', { id: 'other' })).toMatchObject({
      status: 503,
      body: {
        code: 'SERVICE_UNAVAILABLE',
        details: expect.stringContaining('may be a copy'),
        suggestion: expect.stringContaining('db:adopt'),
      },
    });
    expect(await unknown.delete('/migrations/m')).toMatchObject({ status: 503 });
    expect([await statusOf(`http://127.0.0.1:${port}`), await statusOf(gateway.url)]).toEqual([503, 503]);
    const { headers } = await known.post('/migrations/m/sync', {}, { prefer: 'respond-async' });
    const run = `/runs/${String(headers.get('location')).split('/').at(-1)}`;
    expect((await known.get(run)).body).toMatchObject({ data: { state: 'queued' } });
    expect((await known.get('/migrations/other')).status).toBe(404);

    expect(await command('adopt', env, '--yes')).toMatch(/ is a place of this installation now/);
    await eventually(async () => expect((await known.get(run)).body).toMatchObject({ data: { state: 'succeeded' } }));
    expect((await unknown.post('/migrations', { id: 'other' })).status).toBe(200);
    expect([await statusOf(`http://127.0.0.1:${port}`), await statusOf(gateway.url)]).toEqual([200, 200]);
  });
});

// Protocol: I30
describe('db:adopt', () => {
  it('without a choice names the place and the choices, and changes nothing', async () => {
    const url = await deployedDatabase();
    const other = await elsewhere(url);
    const name = new URL(url).pathname.slice(1);
    const said = await command('adopt', { DATABASE_URL: other, ...NAMED });
    expect(said).toContain(`here is tests:${new URL(other).port}/${name}, an unknown place`);
    expect(said).toContain(`places of the installation: tests:${new URL(url).port}/${name}`);
    expect(said).toContain('--as-copy');
    expect(said).not.toContain(new URL(url).password);
    expect(await command('deploy', { DATABASE_URL: other, ...NAMED })).toContain('nothing works here until db:adopt');
  });

  it('--as-copy makes an installation of its own, and the original keeps its id', async () => {
    const url = await deployedDatabase();
    const other = await elsewhere(url);
    const installations = () =>
      withClient(url, async (client) => (await client.query('SELECT id FROM installations ORDER BY created_at')).rows);
    const [before] = await installations();
    expect(await command('adopt', { DATABASE_URL: other, ...NAMED }, '--as-copy')).toContain(
      'is an installation of its own now',
    );
    expect(await installations()).toEqual([
      before,
      expect.objectContaining({ id: expect.not.stringMatching(before.id) }),
    ]);
    expect(await command('adopt', { DATABASE_URL: url, ...NAMED })).toContain('an unknown place');
    expect(await command('adopt', { DATABASE_URL: other, ...NAMED }, '--yes')).toContain('already');
  });
});
