import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiClient, ApiResponse, Cluster, ServiceProcess, TestDatabase } from '@eden/testkit';
import { startCluster, testServers } from '@eden/testkit';
import { CustomerWorld, rowsOf } from '../customers/customer-world.js';
import { capture, newFolder } from '../../packages/cli/src/testing/captured.js';
import { Receiver } from '../hooks/receiver.js';
import { callHook, sign, type HookIdentity } from '../hooks/hook-caller.js';

const PASSWORD = 'correct horse';

let cluster: Cluster;
let world: CustomerWorld;
let receiver: Receiver;
let database: TestDatabase;
/** Makes migrations. */
let ann: ApiClient;
let bob: ApiClient;
let carol: ApiClient;
/** Where nobody approves who is related to a plan's makers. */
let strict: ServiceProcess;

let count = 0;
let id: string;

beforeAll(async () => {
  receiver = await Receiver.start();
  cluster = await startCluster({ env: { WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${receiver.port}` } });
  strict = await cluster.addGateway({ APPROVAL_BY: 'unrelated' });
  world = await CustomerWorld.create(cluster);
  ({ database } = await world.addDatabase(testServers().targets[0], 'db'));
  [ann, bob, carol] = [await addAdmin('ann'), await addAdmin('bob'), await addAdmin('carol')];
  await rowsOf(database, 'CREATE TABLE done (name text)');
});

/** Each test has a migration of Ann's that is synced. */
beforeEach(async () => {
  id = `m${(count += 1)}`;
  const template = { endpoint: 'db', kind: 'Write', template: { query: 'INSERT INTO done VALUES ({{name}})' } };
  expect(await bob.post('/templates', { id, template })).toMatchObject({ status: 200 });
  expect(await bob.post('/apis', { id })).toMatchObject({ status: 200 });
  const migration = { id, parameters: { name: id }, options: { approval: true } };
  expect(await ann.post('/migrations', migration)).toMatchObject({ status: 200 });
  const bindings = [{ template: id, fields: { name: 'migration.name' } }];
  expect(await ann.post(`/migrations/${id}/add_api`, { id, bindings })).toMatchObject({ status: 200 });
  await sync();
});

async function addAdmin(username: string, level = 'Admin'): Promise<ApiClient> {
  await world.accept('/iam/users', { username, password: PASSWORD, access_level: level });
  return world.client.logIn(world.organization, username, PASSWORD);
}

async function addRobot(username: string, scopes: string[]): Promise<ApiClient> {
  const robot = { username, access_level: 'Admin', scopes };
  const { data } = await world.accept<{ data: { api_key: string } }>('/iam/robots', robot);
  return world.client.withToken(data.api_key);
}

async function by<Data>(who: ApiClient, path: string, body: object): Promise<Data> {
  const answer = await who.post<{ data: Data }>(path, body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body.data;
}

async function sync(): Promise<void> {
  expect(await ann.post(`/migrations/${id}/sync`)).toMatchObject({ status: 200 });
}

function approve(client: ApiClient, body: object = {}): Promise<ApiResponse> {
  return client.post(`/migrations/${id}/approve`, body);
}

async function planHash(): Promise<string> {
  const { body } = await ann.get<{ data: { hash: string } }>(`/migrations/${id}/plan`);
  return body.data.hash;
}

function migrate(body: object = {}): Promise<ApiResponse> {
  return ann.post(`/migrations/${id}/migrate`, body);
}

async function rows(): Promise<number> {
  return (await rowsOf(database, `SELECT FROM done WHERE name = '${id}'`)).length;
}

const AWAITS = { status: 409, body: { error: 'Migration awaits approval', code: 'MIGRATION_AWAITS_APPROVAL' } };
const INVOLVED = { status: 403, body: { code: 'APPROVER_INVOLVED' } };

describe('a plan to read', () => {
  it('says what happens where, what is locked and for how long, and what cannot be undone', async () => {
    const read = async (): Promise<string> => {
      const headers = { authorization: `Bearer ${bob.token ?? ''}`, accept: 'text/plain' };
      const response = await fetch(`${bob.gatewayUrl}/api/v1/migrations/${id}/plan`, { headers });
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      return response.text();
    };
    expect(await read()).toContain('It was not rehearsed');
    expect(await ann.post(`/migrations/${id}/sync`, { rehearse: true })).toMatchObject({ status: 200 });
    const text = await read();
    expect(text).toContain(`Plan of ${id}: atomic, all databases commit or none does\nHash ${await planHash()}`);
    expect(text).toContain('It waits for the approval of somebody who has made nothing of it.');
    expect(text).toMatch(
      new RegExp(`1\\. stage 0, ${id}: ${id} on db \\(in the transaction, .*rehearsed: 1 rows in \\d+ ms\\)`),
    );
    expect(text).toContain(`       INSERT INTO done VALUES ('${id}')`);
    expect(text).toMatch(new RegExp(`RowExclusiveLock on public.done for \\d+ ms, from ${id} on`));
    expect(text).toContain('has no rollback, so the migration cannot be rolled back once it is completed');
    expect(await rows()).toBe(0);
    expect(await approve(bob)).toMatchObject({ status: 200 });
    expect(await read()).toContain('Approved by bob, ');
  });
});

describe('the command line', () => {
  function eden(who: ApiClient, argv: readonly string[], cwd = newFolder()) {
    return capture([...argv], { cwd, env: { EDEN_URL: who.gatewayUrl, EDEN_TOKEN: who.token ?? '' } });
  }

  it('waits for approval with exit code 30, approves what it has shown, and goes on', async () => {
    const cwd = newFolder();
    const line = `line-${id}`;
    expect(await ann.delete(`/migrations/${id}`)).toMatchObject({ status: 200 });
    const apis = [{ id, bindings: [{ template: id, fields: { name: 'migration.name' } }] }];
    const file = { version: 1, migration: line, apis, parameters: { name: id }, options: { approval: true } };
    writeFileSync(join(cwd, 'eden.yaml'), JSON.stringify(file));
    const first = await eden(ann, ['apply', '--yes', '--rehearse'], cwd);
    expect([first.code, first.err]).toEqual([30, expect.stringContaining(`eden approve ${line}`)]);
    expect(first.err).toMatch(/RowExclusiveLock/);
    expect(await eden(ann, ['migrations', 'migrate', line, '--wait'])).toMatchObject({ code: 30 });
    expect(await eden(ann, ['approve', line, '--yes'])).toMatchObject({ code: 3 });
    expect(await eden(bob, ['approve', line, '--yes', '--plan', 'f00'])).toMatchObject({ code: 10 });
    expect(await eden(bob, ['approve', '--yes'], cwd)).toMatchObject({ code: 0 });
    expect(await eden(ann, ['apply', '--yes', '--wait'], cwd)).toMatchObject({ code: 0 });
    expect(await rows()).toBe(1);
    expect(await eden(ann, ['drift', line, '--exit-code'])).toMatchObject({ code: 0 });
    await rowsOf(database, `CREATE TABLE "drifted ${id}" ()`);
    const drift = await eden(ann, ['drift', line, '--exit-code']);
    expect([drift.code, drift.out]).toEqual([5, expect.stringContaining(`table public."drifted ${id}"`)]);
  });
});

describe('a migration that wants approval', () => {
  it('runs once somebody who has made nothing of it has approved its plan', async () => {
    const hash = await planHash();
    expect(await migrate()).toMatchObject({ ...AWAITS, body: { ...AWAITS.body, plan_hash: hash } });
    expect(await approve(bob, { plan_hash: hash })).toMatchObject({
      status: 200,
      body: { message: 'migration approved', data: { plan_hash: hash, approved_by: 'bob' } },
    });
    expect(await ann.get(`/migrations/${id}`)).toMatchObject({
      body: { data: { approval: { plan_hash: hash, approved_by: 'bob' } } },
    });
    // A sync that makes the same plan takes nothing away.
    await sync();
    expect(await migrate()).toMatchObject({ status: 200 });
    expect(await rows()).toBe(1);
    const { body } = await world.client.get<{ data: object[] }>(`/audit?subject=${id}&action=migration.approve`);
    expect(body.data).toMatchObject([{ actor: 'bob', data: { plan_hash: hash } }]);
    expect(await approve(carol)).toMatchObject({ status: 200, body: { data: { approved_by: 'bob' } } });
  });

  it('is approved by the first of two, and twice is as good as once', async () => {
    const answers = await Promise.all([approve(bob), approve(carol), approve(bob)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const names = new Set(answers.map(({ body }) => (body['data'] as { approved_by: string }).approved_by));
    expect(names.size).toBe(1);
  });

  it('is not approved by whoever has created it, or changed it or a part of it last', async () => {
    expect(await approve(ann)).toMatchObject({
      ...INVOLVED,
      body: { what: [`created migration ${id}`, `changed migration ${id} last`] },
    });
    expect(await bob.patch(`/migrations/${id}`, { description: 'mine' })).toMatchObject({ status: 200 });
    await sync();
    expect(await approve(bob)).toMatchObject({ ...INVOLVED, body: { what: [`changed migration ${id} last`] } });
    expect(await carol.patch(`/templates/${id}`, { description: 'hers' })).toMatchObject({ status: 200 });
    expect(await ann.patch(`/migrations/${id}`, { description: 'hers' })).toMatchObject({ status: 200 });
    await sync();
    expect(await approve(carol)).toMatchObject({ ...INVOLVED, body: { what: [`changed template ${id} last`] } });
    // What Bob has made was there before Ann chose it.
    expect(await approve(bob)).toMatchObject({ status: 200 });
  });

  it('keeps its plan and its approval under other labels and notes, and whoever writes them may approve', async () => {
    const hash = await planHash();
    expect(await bob.patch(`/migrations/${id}`, { labels: { ticket: 'T-1' } })).toMatchObject({ status: 200 });
    // Ann has changed what runs, and still is the last who has.
    expect(await approve(ann)).toMatchObject({
      ...INVOLVED,
      body: { what: [`created migration ${id}`, `changed migration ${id} last`] },
    });
    expect(await approve(bob)).toMatchObject({ status: 200, body: { data: { plan_hash: hash } } });
    const remarked = await carol.patch(`/migrations/${id}`, { notes: 'tonight' });
    expect(remarked).toMatchObject({ status: 200, body: { data: { approval: { plan_hash: hash } } } });
    expect(await migrate()).toMatchObject({ status: 200 });
  });

  it('waits again for another plan', async () => {
    const hash = await planHash();
    expect(await approve(bob)).toMatchObject({ status: 200 });
    expect(
      await carol.patch(`/templates/${id}`, {
        template: { template: { query: "INSERT INTO done VALUES ('x' || {{name}})" } },
      }),
    ).toMatchObject({ status: 200 });
    expect(await approve(bob)).toMatchObject({ status: 409, body: { code: 'PLAN_OUT_OF_DATE' } });
    await sync();
    expect(await migrate()).toMatchObject({ status: 409, body: { ...AWAITS.body, approved_plan_hash: hash } });
    expect(await approve(bob, { plan_hash: hash })).toMatchObject({ status: 409, body: { code: 'PLAN_OUT_OF_DATE' } });
    expect(await ann.get(`/migrations/${id}`)).toMatchObject({ body: { data: { approval: null } } });
    await rowsOf(database, `CREATE TABLE ${id} ()`);
    await sync();
    expect(await planHash()).not.toBe(hash);
    expect(await migrate()).toMatchObject(AWAITS);
  });

  it('takes no other parameters for a run', async () => {
    expect(await approve(bob)).toMatchObject({ status: 200 });
    expect(await migrate({ migration: { name: 'other' } })).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'migration' }] },
    });
  });

  it('keeps a migrate that waits behind its sync from running, and its gate waiting', async () => {
    const { data } = await world.accept<{ data: HookIdentity }>('/iam/hooks', { id: `hook-${id}` });
    const call = sign(data, { migration: id, action: 'sync_and_migrate' });
    const { body } = await callHook(cluster.gateways[0]?.url ?? '', data.uuid, call);
    const waiting = ann.get(`/migrations/${id}/gate?for=approved&wait=60`);
    const run = `/runs/${body.data.run}`;
    const ended = await ann.get(`/migrations/${id}/gate?for=completed&wait=1`);
    expect(ended).toMatchObject({ status: 202 });
    expect(await ann.get(run)).toMatchObject({
      body: { data: { state: 'failed', error: { code: 'MIGRATION_AWAITS_APPROVAL' } } },
    });
    expect(await approve(bob)).toMatchObject({ status: 200 });
    expect(await waiting).toMatchObject({ status: 200 });
    expect(await ann.get(`/migrations/${id}/gate?for=completed`)).toMatchObject({ status: 202 });
    expect(await migrate()).toMatchObject({ status: 200 });
  });

  it('has its approval taken away by nobody who could not approve', async () => {
    expect(await ann.patch(`/migrations/${id}`, { options: {} })).toMatchObject(INVOLVED);
    const robot = await addRobot(`changes-${id}`, ['migrate']);
    expect(await robot.patch(`/migrations/${id}`, { options: { approval: false } })).toMatchObject({ status: 403 });
    expect(await bob.patch(`/migrations/${id}`, { options: {} })).toMatchObject({ status: 200 });
    expect(await approve(carol)).toMatchObject({ status: 409, body: { code: 'APPROVAL_NOT_WANTED' } });
    await sync();
    expect(await migrate()).toMatchObject({ status: 200 });
  });

  it('is approved by a robot with the scope for it, which may do nothing else', async () => {
    const robot = await addRobot(`approves-${id}`, ['approve']);
    const other = await addRobot(`migrates-${id}`, ['migrate', 'read']);
    expect(await approve(other)).toMatchObject({ status: 403, body: { required_scopes: ['approve'] } });
    expect(await robot.post(`/migrations/${id}/migrate`)).toMatchObject({ status: 403 });
    expect(await robot.get(`/migrations/${id}/plan`)).toMatchObject({ status: 200 });
    expect(await approve(robot)).toMatchObject({ status: 200, body: { data: { approved_by: `approves-${id}` } } });
  });

  it('is approved by a robot that its maker has made', async () => {
    const robot = { username: `second-${id}`, access_level: 'Write', scopes: ['approve', 'read'] };
    const { api_key: key } = await by<{ api_key: string }>(ann, '/iam/robots', robot);
    await by(ann, `/iam/rbac/migrations/${id}/subjects`, { subjects: [[robot.username, 'Admin']] });
    expect(await approve(ann.withToken(key))).toMatchObject({
      status: 200,
      body: { data: { approved_by: robot.username } },
    });
  });

  it('is told to webhooks, once for each sync that leaves it waiting', async () => {
    const body = { url: receiver.url(`/${id}`), events: ['approval.wanted'] };
    await world.accept('/iam/webhooks', body);
    await sync();
    const [told] = await receiver.count(`/${id}`, 1);
    expect(JSON.parse(told?.text ?? '')).toMatchObject({
      type: 'approval.wanted',
      data: { migration: id, kind: 'sync', state: 'succeeded', plan_hash: await planHash() },
    });
    expect(await approve(bob)).toMatchObject({ status: 200 });
    await sync();
    expect(receiver.at(`/${id}`)).toHaveLength(1);
  });
});

describe('where only who is unrelated to its makers approves, a plan', () => {
  it('is approved by nobody whom its maker has made, and granted the right to', async () => {
    const robot = { username: `own-${id}`, access_level: 'Write', scopes: ['approve', 'read'] };
    const { api_key: key } = await by<{ api_key: string }>(ann, '/iam/robots', robot);
    await by(ann, '/iam/users', { username: `alias-${id}`, password: PASSWORD, access_level: 'Write' });
    const subjects = [`own-${id}`, `alias-${id}`].map((name) => [name, 'Admin']);
    await by(ann, `/iam/rbac/migrations/${id}/subjects`, { subjects });
    const alias = await ann.logIn(world.organization, `alias-${id}`, PASSWORD);
    const expected = {
      ...INVOLVED,
      body: { what: [`is kept by ann, who created migration ${id}`, expect.any(String)] },
    };
    expect(await approve(ann.withToken(key).at(strict.url))).toMatchObject(expected);
    expect(await approve(alias.at(strict.url))).toMatchObject(expected);
    expect(await alias.at(strict.url).patch(`/migrations/${id}`, { options: {} })).toMatchObject(expected);
    expect(await approve(bob.at(strict.url))).toMatchObject({ status: 200 });
  });

  it('is approved neither by whoever keeps its maker, nor by whoever has its key since', async () => {
    const robot = { username: `maker-${id}`, access_level: 'Admin', scopes: ['migrate', 'approve'] };
    const { api_key: key } = await by<{ api_key: string }>(world.client, '/iam/robots', robot);
    expect(await ann.delete(`/migrations/${id}`)).toMatchObject({ status: 200 });
    const maker = ann.withToken(key);
    const migration = { id, parameters: { name: id }, options: { approval: true } };
    expect(await maker.post('/migrations', migration)).toMatchObject({ status: 200 });
    const bindings = [{ template: id, fields: { name: 'migration.name' } }];
    expect(await maker.post(`/migrations/${id}/add_api`, { id, bindings })).toMatchObject({ status: 200 });
    expect(await maker.post(`/migrations/${id}/sync`)).toMatchObject({ status: 200 });
    const keeps = `keeps maker-${id}, who created migration ${id}`;
    expect(await approve(world.client.at(strict.url))).toMatchObject({
      ...INVOLVED,
      body: { what: [keeps, expect.any(String)] },
    });
    const sibling = await addRobot(`sibling-${id}`, ['approve']);
    expect(await approve(sibling.at(strict.url))).toMatchObject({
      ...INVOLVED,
      body: { what: [expect.stringMatching(`as is maker-${id}, which created`), expect.any(String)] },
    });
    const dan = await addAdmin(`dan-${id}`, 'SuperAdmin');
    await by(dan, `/iam/robots/maker-${id}/rotate-key`, {});
    expect(await approve(dan.at(strict.url))).toMatchObject({
      ...INVOLVED,
      body: { what: [keeps, expect.any(String)] },
    });
    // Elsewhere four eyes are two names.
    expect(await approve(sibling)).toMatchObject({ status: 200 });
  });
});
