import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endKeptSubjects } from '@eden/coordinator';
import { asUuid, NO_GRANTS, type Subject } from '@eden/domain';
import { createRedisLocks, type RedisLocks } from '@eden/locking';
import { systemClock } from '@eden/runtime';
import type { RedisServer, TestDatabase } from '@eden/testkit';
import {
  ApiClient,
  createControlDatabase,
  createDatabase,
  eventually,
  redisDatabase,
  startRedisMasters,
  testServers,
  withClient,
} from '@eden/testkit';
import type { TestGateway } from '../testing/test-gateway.js';
import { startTestGateway } from '../testing/test-gateway.js';
import { KeptSubjects } from './kept-subjects.js';

const PASSWORD = 'correct horse';

describe('a gateway that knows from memory who executes', () => {
  let control: TestDatabase;
  let gateways: [TestGateway, TestGateway];
  let root: ApiClient;
  let anonymous: ApiClient;

  beforeAll(async () => {
    control = await createControlDatabase();
    const env = { DATABASE_URL: control.url, REDIS_URL: await redisDatabase() };
    gateways = [await startTestGateway(env), await startTestGateway(env)];
    anonymous = new ApiClient(gateways[0].url);
    root = anonymous.withToken(await gateways[0].createOrganization('acme'));
    const { url } = await createDatabase(testServers().targets[0]);
    await root.post('/endpoints', { id: 'db', kind: 'Postgres', config: { url } });
    await newTemplate('one', 'Read', 'SELECT 1 AS one');
    await newTemplate('write', 'Write', 'CREATE TABLE IF NOT EXISTS notes ()');
    await root.post('/apis', { id: 'reading', bindings: [{ template: 'one' }] });
    await root.post('/apis', { id: 'writing', bindings: [{ template: 'write' }] });
  });

  afterAll(() => Promise.all(gateways.map((gateway) => gateway.stop())));

  function newTemplate(id: string, kind: string, query: string): Promise<unknown> {
    return root.post('/templates', { id, template: { endpoint: 'db', kind, template: { query } } });
  }

  async function newUser(username: string): Promise<ApiClient> {
    await root.post('/iam/users', { username, password: PASSWORD, access_level: 'Write' });
    return (await anonymous.logIn('acme', username, PASSWORD)).at(gateways[1].url);
  }

  async function newRobot(username: string): Promise<ApiClient> {
    const robot = { username, access_level: 'Write', scopes: ['execute'], expires_in: 3_600 };
    const { body } = await root.post<{ data: { api_key: string } }>('/iam/robots', robot);
    return new ApiClient(gateways[1].url, body.data.api_key);
  }

  async function execute(client: ApiClient, api = 'writing'): Promise<number> {
    return (await client.post(`/apis/${api}`)).status;
  }

  /** Nobody can ask who they are meanwhile. */
  async function withoutAnswers<T>(work: () => Promise<T>): Promise<T> {
    return withClient(control.url, async (client) => {
      await client.query('BEGIN; LOCK TABLE users');
      try {
        return await work();
      } finally {
        await client.query('ROLLBACK');
      }
    });
  }

  /** Until the gateway has the lease, and has asked once under it. */
  async function isKept(client: ApiClient): Promise<void> {
    await eventually(async () => {
      expect(await execute(client)).toBe(200);
      const kept = await withoutAnswers(() =>
        Promise.race([execute(client), systemClock.sleep(500).then(() => 'asks')]),
      );
      expect(kept).toBe(200);
    });
  }

  const changes: [
    string,
    (name: string) => Promise<ApiClient>,
    (name: string, client: ApiClient) => Promise<unknown>,
    number,
  ][] = [
    ['whose token was logged out', newUser, (_, client) => client.at(gateways[0].url).post('/auth/logout'), 401],
    ['who was deleted', newUser, (name) => root.delete(`/iam/users/${name}`), 401],
    [
      'whose password was changed',
      newUser,
      (name) => root.patch(`/iam/users/${name}`, { password: 'another horse' }),
      401,
    ],
    ['whose level was lowered', newUser, (name) => root.patch(`/iam/users/${name}`, { access_level: 'Read' }), 403],
    [
      'whom a grant keeps away',
      newUser,
      (name) => root.post('/iam/rbac/apis/writing/subjects', { subjects: [[name, 'None']] }),
      403,
    ],
    ['a robot whose key was replaced', newRobot, (name) => root.post(`/iam/robots/${name}/rotate-key`), 401],
    ['a robot that was deleted', newRobot, (name) => root.delete(`/iam/robots/${name}`), 401],
  ];

  // Protocol: I3
  it.each(changes)('refuses with the next request %s at another gateway', async (what, make, change, status) => {
    const name = what.replaceAll(' ', '-');
    const client = await make(name);
    await isKept(client);
    expect(await change(name, client)).toMatchObject({ status: 200 });
    expect(await execute(client)).toBe(status);
  });

  it('keeps a robot no longer than its key is good', async () => {
    const client = await newRobot('short');
    await withClient(control.url, (db) =>
      db.query("UPDATE users SET key_expires_at = now() + interval '4 s' WHERE username = 'short'"),
    );
    const expired = systemClock.sleep(4_000);
    await isKept(client);
    await expired;
    expect(await execute(client)).toBe(401);
  });
});

describe('a subject that was read under a lease', () => {
  const KEPT_MS = 1_000;
  const organizationUuid = asUuid(randomUUID());
  let master: RedisServer;
  const opened: RedisLocks[] = [];

  beforeAll(async () => {
    [master] = (await startRedisMasters(1)) as [RedisServer];
  });

  afterAll(async () => {
    await Promise.all(opened.map((locks) => locks.close()));
    await master.stop();
  });

  function openLocks(process: string): RedisLocks {
    const locks = createRedisLocks({ urls: [master.url], ttlMs: 60_000, process });
    opened.push(locks);
    return locks;
  }

  /** What the control database says: counts up with each change. */
  let version = 0;

  async function identify() {
    const read = String(version);
    await systemClock.sleep(1);
    const subject: Subject = {
      organizationUuid,
      organizationId: 'acme',
      userUuid: organizationUuid,
      username: read,
      level: 'Read',
      grants: NO_GRANTS,
      scopes: null,
    };
    return { subject, token: null, goodForMs: null };
  }

  async function ask(kept: KeptSubjects): Promise<number> {
    const { subject } = kept.find('bearer') ?? (await kept.ask('bearer', identify));
    return Number(subject.username);
  }

  function openKept(process: string): KeptSubjects {
    return new KeptSubjects(openLocks(process), systemClock, KEPT_MS);
  }

  async function untilKept(kept: KeptSubjects): Promise<void> {
    await eventually(async () => {
      await ask(kept);
      expect(kept.find('bearer')).not.toBeNull();
    });
  }

  async function change(locks: RedisLocks): Promise<number> {
    const settings = {
      approvalBy: 'another',
      lockTimeoutMs: 1,
      statementTimeoutMs: 1,
      subjectsKeptMs: KEPT_MS,
    } as const;
    const changed = (version += 1);
    await endKeptSubjects({ locks, clock: systemClock, settings }, organizationUuid);
    return changed;
  }

  // Protocol: I3
  it('is never the one before a change that was answered, whoever asks meanwhile', async () => {
    const [kept, writer] = [openKept('reader'), openLocks('writer')];
    let answered = version;
    let isOver = false;
    let fromMemory = 0;
    const reading = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const least = answered;
        if (kept.find('bearer') !== null) fromMemory += 1;
        expect(await ask(kept)).toBeGreaterThanOrEqual(least);
        await systemClock.sleep(Math.random() * 3);
      }
    });
    for (let n = 0; n < 30; n += 1) {
      answered = await change(writer);
      await systemClock.sleep(Math.random() * 30);
    }
    isOver = true;
    await Promise.all(reading);
    expect(fromMemory).toBeGreaterThan(100);
  });

  it('is still none when the lock masters have forgotten who reads', async () => {
    const [kept, writer] = [openKept('forgotten'), openLocks('after')];
    await untilKept(kept);
    await master.restartEmpty();
    await eventually(() => writer.check());
    const answered = await change(writer);
    expect(await ask(kept)).toBe(answered);
  });

  it('is still none when the lock masters are away: the change is answered when its time is over', async () => {
    const [kept, writer] = [openKept('frozen'), openLocks('beside')];
    await untilKept(kept);
    master.freeze();
    try {
      const answered = await change(writer);
      expect(await ask(kept)).toBe(answered);
    } finally {
      master.thaw();
    }
  });
});
