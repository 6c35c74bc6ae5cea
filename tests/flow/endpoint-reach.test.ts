import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster, startTcpProxy, testServers, type ApiClient, type Cluster } from '@eden/testkit';

let cluster: Cluster;
let client: ApiClient;

beforeAll(async () => {
  cluster = await startCluster();
  ({ client } = await cluster.createOrganization());
}, 60_000);

/** The control database by another way, with credentials that it accepts. */
async function wayHome(): Promise<string> {
  const { port } = await startTcpProxy(testServers().control.port);
  const url = new URL(cluster.databaseUrl);
  url.port = String(port);
  return url.toString();
}

function create(id: string, url: string) {
  return client.post('/endpoints', { id, kind: 'Postgres', config: { url } });
}

const refused = (context: object) => ({
  status: 422,
  body: { error: 'Endpoint is not allowed', code: 'ENDPOINT_NOT_ALLOWED', ...context },
});

describe('an endpoint that leads home', () => {
  it('by the very address of the control database or Redis is not even registered', async () => {
    expect(await create('control', cluster.databaseUrl)).toMatchObject(
      refused({ reason: 'control_server', setting: 'ENDPOINT_ALLOW_CONTROL_SERVER' }),
    );
    const { port } = new URL(cluster.redisUrl);
    expect(await create('redis', `postgresql://eden@127.0.0.2:${port}/0`)).toMatchObject(
      refused({ reason: 'own_server' }),
    );
    expect(await create('metadata', 'postgresql://eden@169.254.169.254/latest')).toMatchObject(
      refused({ reason: 'link_local', setting: null }),
    );
    expect(await create('lines', 'postgresql://a%0D%0AFLUSHALL%0D%0A@db.example/shop')).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'config.username', message: 'must not hold control characters' }] },
    });
  });

  it('by another way is refused wherever it is used, and the answer tells no secret', async () => {
    expect(await create('home', await wayHome())).toMatchObject({ status: 200 });
    const query = 'SELECT username, password_hash FROM users';
    await client.post('/templates', { id: 'users', template: { endpoint: 'home', kind: 'Read', template: { query } } });
    await client.post('/templates', { id: 'grab', template: { endpoint: 'home', kind: 'Write', template: { query } } });
    await client.post('/apis', { id: 'users', bindings: [{ template: 'users', fields: {} }] });
    await client.post('/migrations', { id: 'grab' });
    const bindings = [{ template: 'grab', fields: {} }];
    expect(await client.post('/migrations/grab/add_api', { id: 'users', bindings })).toMatchObject({ status: 200 });
    const answers = [
      await client.post('/endpoints/home/test', {}),
      await client.post('/templates/users', {}),
      await client.post('/apis/users', {}),
      await client.post('/migrations/grab/sync', {}),
    ];
    const reason = { endpoint_id: 'home', reason: 'control_server', setting: null };
    for (const answer of answers) expect(answer).toMatchObject(refused(reason));
    expect(JSON.stringify(answers)).not.toMatch(/argon2|127\.0\.0\.1/);
  });
});
