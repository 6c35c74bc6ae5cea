import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ApiClient, Cluster, RedisServer } from '@eden/testkit';
import { eventually, redisDatabase, startCluster, startRedisMasters, withClient } from '@eden/testkit';
import { JournalWorld } from '../delivery/journal-world.js';
import { callHook, macOf, sign, unixNow, type HookIdentity } from './hook-caller.js';

let cluster: Cluster;
let world: JournalWorld;
let redis: RedisServer;
let client: ApiClient;
let hook: HookIdentity;

/** The queue's Redis is one of this file's own; the locks are on another. */
beforeAll(async () => {
  [redis] = (await startRedisMasters(1)) as [RedisServer];
  const env = { REDIS_URL: redis.url, LOCK_REDIS_URLS: await redisDatabase(), LOCK_TTL_MS: '2000' };
  cluster = await startCluster({ gateways: 2, env });
  world = await JournalWorld.create(cluster);
  ({ client } = world.customers);
  hook = await createHook('deploy');
});

async function createHook(id: string, more: object = {}): Promise<HookIdentity> {
  const { data } = await world.customers.accept<{ data: HookIdentity }>('/iam/hooks', { id, ...more });
  return data;
}

/** At the gateways in turn. */
function gatewayUrl(turn: number): string {
  return cluster.gateways[turn % cluster.gateways.length]?.url ?? '';
}

function deploy(migration: string, action = 'sync_and_migrate') {
  return { migration, action };
}

async function gate(
  url: string,
  wait = 60,
): Promise<{ status: number; body: { state: string; run: { uuid: string } } }> {
  const asked = new URL(url);
  asked.searchParams.set('wait', String(wait));
  const response = await fetch(asked);
  return { status: response.status, body: (await response.json()) as { state: string; run: { uuid: string } } };
}

describe('a deploy hook', () => {
  it('called five times at once, over two gateways, starts one run, and its gate lets all of them in', async () => {
    await world.prepare(['five']);
    const now = unixNow();
    const answers = await Promise.all(
      [0, 1, 2, 3, 4].map((n) => callHook(gatewayUrl(n), hook.uuid, sign(hook, deploy('five'), now - n))),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    const [first] = answers;
    expect(new Set(answers.map(({ body }) => body.data.run)).size).toBe(1);
    expect(first?.headers.get('location')).toBe(`/api/v1/runs/${first?.body.data.run}`);
    const opened = await Promise.all(answers.map(({ body }) => gate(body.data.gate)));
    for (const { status, body } of opened) {
      expect({ status, state: body.state, run: body.run.uuid }).toEqual({
        status: 200,
        state: 'Completed',
        run: first?.body.data.run,
      });
    }
    await world.expectOnce(['five']);
    expect(await world.runs('five')).toMatchObject([{ actor: 'hook:deploy' }]);
  });

  it('gives the same signed call its first answer again, whenever it comes; signed anew it hears that all is done', async () => {
    await world.prepare(['again']);
    const call = sign(hook, deploy('again'));
    const answers = await Promise.all([0, 1, 2, 3, 4].map((n) => callHook(gatewayUrl(n), hook.uuid, call)));
    const [first] = answers;
    expect((await gate(first?.body.data.gate ?? '')).status).toBe(200);
    const late = await callHook(gatewayUrl(1), hook.uuid, call);
    const texts = [...answers, late].map(({ status, body }) => ({
      status,
      run: body.data.run,
      ticket: ticketOf(body),
    }));
    expect(new Set(texts.map((text) => JSON.stringify(text))).size).toBe(1);
    expect(texts[0]).toMatchObject({ status: 202 });
    const done = await callHook(gatewayUrl(0), hook.uuid, sign(hook, deploy('again'), unixNow() - 7));
    expect(done).toMatchObject({ status: 200, body: { data: { run: first?.body.data.run } } });
    await world.expectOnce(['again']);
  });

  function ticketOf({ data }: { data: { gate: string } }): string {
    return new URL(data.gate).searchParams.get('ticket') ?? '';
  }

  it('takes an Idempotency-Key from those who sign each try anew', async () => {
    await world.prepare(['keyed', 'other']);
    const key = { 'Idempotency-Key': randomUUID() };
    const now = unixNow();
    const first = await callHook(gatewayUrl(0), hook.uuid, sign(hook, deploy('keyed'), now), key);
    const second = await callHook(gatewayUrl(1), hook.uuid, sign(hook, deploy('keyed'), now - 1), key);
    expect(second).toMatchObject({ status: 202, body: { data: { run: first.body.data.run } } });
    expect(ticketOf(second.body)).toBe(ticketOf(first.body));
    const reused = await callHook(gatewayUrl(1), hook.uuid, sign(hook, deploy('other'), now), key);
    expect(reused).toMatchObject({ status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
    await world.expectOnce(['keyed']);
  });

  it('lets in nobody else, and tells an unknown hook from a bad signature to nobody', async () => {
    await world.prepare(['closed']);
    const call = deploy('closed');
    const good = sign(hook, call);
    const stranger = { uuid: hook.uuid, secret: 'another secret' };
    const refused = {
      'a wrong signature': await callHook(gatewayUrl(0), hook.uuid, sign(stranger, call)),
      'an unknown hook': await callHook(gatewayUrl(0), randomUUID(), good),
      'no uuid at all': await callHook(gatewayUrl(0), 'deploy', good),
      'another body': await callHook(gatewayUrl(0), hook.uuid, { ...good, body: `${good.body} ` }),
    };
    const said = {
      status: 401,
      body: { code: 'AUTHENTICATION_REQUIRED', details: expect.stringMatching(/^There is no such hook, or/) },
    };
    for (const [what, answer] of Object.entries(refused)) expect({ what, ...answer }).toMatchObject({ what, ...said });
    const old = await callHook(gatewayUrl(0), hook.uuid, sign(hook, call, unixNow() - 301));
    const early = await callHook(gatewayUrl(0), hook.uuid, sign(hook, call, unixNow() + 360));
    for (const answer of [old, early]) {
      expect(answer).toMatchObject({
        status: 401,
        body: { details: expect.stringMatching(/more than 300 s from now/) },
      });
    }
    for (const signature of ['', 't=1', 'v1=00', `t=x,v1=${'0'.repeat(64)}`]) {
      expect(await callHook(gatewayUrl(0), hook.uuid, { ...good, signature })).toMatchObject({ status: 401 });
    }
    expect(await world.runs('closed')).toEqual([]);
  });

  it('says what it does not do: another migration, another action, one that was deleted, a body that is none', async () => {
    await world.prepare(['mine', 'theirs', 'gone']);
    const narrow = await createHook('narrow', { migrations: ['mine', 'gone'], actions: ['sync'] });
    const ask = (call: object) => callHook(gatewayUrl(0), narrow.uuid, sign(narrow, call));
    expect(await ask(deploy('theirs', 'sync'))).toMatchObject({ status: 403, body: { code: 'HOOK_NOT_ALLOWED' } });
    expect(await ask(deploy('mine'))).toMatchObject({ status: 403, body: { allowed_actions: ['sync'] } });
    expect(await ask(deploy('mine', 'sync'))).toMatchObject({ status: 202 });
    await client.delete('/migrations/gone');
    expect(await ask(deploy('gone', 'sync'))).toMatchObject({ status: 404, body: { code: 'MIGRATION_NOT_FOUND' } });
    expect(await ask({ migration: 'mine' })).toMatchObject({ status: 400, body: { issues: [{ path: 'action' }] } });
    expect(await world.runs('mine')).toEqual([]);
  });

  it('keeps its secret, and exchanges it while both count', async () => {
    await world.prepare(['rotated']);
    const first = await createHook('rotating');
    const rotate = (body: object) => client.post<{ data: HookIdentity }>('/iam/hooks/rotating/rotate', body);
    const second = (await rotate({})).body.data;
    const call = JSON.stringify(deploy('rotated', 'sync'));
    const time = unixNow();
    const both = `t=${time},v1=${macOf(first.secret, time, call)},v1=${macOf(second.secret, time, call)}`;
    const statusOf = async (signature: string) =>
      (await callHook(gatewayUrl(1), first.uuid, { body: call, signature })).status;
    expect(await statusOf(sign(first, deploy('rotated', 'sync'), time - 1).signature)).toBe(202);
    expect(await statusOf(both)).toBe(202);
    await rotate({ overlap_seconds: 0 });
    expect(await statusOf(both)).toBe(401);
    const shown = JSON.stringify([
      (await client.get('/iam/hooks')).body,
      (await client.get('/iam/hooks/rotating')).body,
    ]);
    const stored = await withClient(cluster.databaseUrl, (control) =>
      control.query(`SELECT hooks::text, encode(secrets, 'escape') AS raw FROM hooks`),
    );
    for (const { secret } of [first, second]) expect(shown + JSON.stringify(stored.rows)).not.toContain(secret);
    expect(await client.delete('/iam/hooks/rotating')).toMatchObject({ status: 200 });
    expect(await statusOf(sign(second, deploy('rotated', 'sync')).signature)).toBe(401);
  });

  it('accepts while Redis is away, and while no worker is there; each happens once', async () => {
    await world.prepare(['without_redis', 'without_worker']);
    await redis.kill();
    const withoutRedis = await callHook(gatewayUrl(0), hook.uuid, sign(hook, deploy('without_redis')));
    expect(withoutRedis.status).toBe(202);
    await redis.restartEmpty();
    expect((await gate(withoutRedis.body.data.gate)).status).toBe(200);
    for (const worker of cluster.workers) worker.freeze();
    const withoutWorker = await callHook(gatewayUrl(0), hook.uuid, sign(hook, deploy('without_worker')));
    expect(withoutWorker.status).toBe(202);
    expect(await gate(withoutWorker.body.data.gate, 0)).toMatchObject({ status: 202, body: { state: 'Pending' } });
    const waiting = gate(withoutWorker.body.data.gate);
    for (const worker of cluster.workers) worker.thaw();
    await eventually(async () => expect((await waiting).status).toBe(200));
    await world.expectOnce(['without_redis', 'without_worker']);
  });
});
