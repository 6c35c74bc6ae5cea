import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createControlDatabase as connect } from '@eden/database';
import { ApiClient, createControlDatabase, eventually, redisDatabase, withClient } from '@eden/testkit';
import type { TestDatabase } from '@eden/testkit';
import type { z } from 'zod';
import type { auditEntrySchema, auditVerificationSchema } from '../schemas/audit.js';
import { startTestGateway } from '../testing/test-gateway.js';
import type { TestGateway } from '../testing/test-gateway.js';

type Entry = z.output<typeof auditEntrySchema>;
interface Page {
  readonly data: readonly Entry[];
  readonly next_cursor: string | null;
}
interface Verified {
  readonly data: z.output<typeof auditVerificationSchema>;
}

let database: TestDatabase;
let gateway: TestGateway;
let root: ApiClient;

beforeAll(async () => {
  database = await createControlDatabase();
  gateway = await startTestGateway({ DATABASE_URL: database.url, REDIS_URL: await redisDatabase() });
  root = new ApiClient(gateway.url).withToken(await gateway.createOrganization('acme'));
});

afterAll(() => gateway.stop());

/** As a worker does every second. */
async function link(): Promise<void> {
  const control = connect({ url: database.url, encryptionKeys: [Buffer.alloc(32, 7)] });
  while ((await control.auditChains.link(100)) > 0);
  await control.close();
}

async function entries(query = ''): Promise<readonly Entry[]> {
  const { status, body } = await root.get<Page>(`/audit?limit=200${query}`);
  expect(status).toBe(200);
  return body.data;
}

async function lines(query = ''): Promise<readonly Entry[]> {
  const headers = { authorization: `Bearer ${root.token}` };
  const response = await fetch(`${gateway.url}/api/v1/audit?format=jsonl${query}`, { headers });
  expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
  const text = await response.text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);
}

describe('the audit', () => {
  it('says who did what to what, from where and on which request, and what came of it', async () => {
    const user = { username: 'ann', password: 'correct horse', access_level: 'Read' };
    await root.post('/iam/users', user, { 'x-request-id': 'made', 'x-forwarded-for': '192.0.2.7' });
    const ann = await root.logIn('acme', 'ann', 'correct horse');
    await ann.post('/migrations', { id: 'mine' }, { 'x-request-id': 'refused' });
    await root.post('/migrations', { id: 'shop' });
    await root.post('/migrations', { id: 'shop' }, { 'x-request-id': 'twice' });
    await root.delete('/migrations/shop');
    await ann.post('/auth/logout');
    const basic = `Basic ${Buffer.from('ann:wrong').toString('base64')}`;
    await root.post('/auth/login', { id: 'acme' }, { authorization: basic });
    await eventually(async () => expect(await entries('&actor=ann')).toHaveLength(4));
    const told = (await entries()).map(({ actor, action, subject, result }) => [actor, action, subject, result]);
    expect(told.toReversed()).toEqual([
      ['installation', 'organization.create', 'acme', 'success'],
      ['root', 'auth.login', 'root', 'success'],
      ['root', 'user.create', 'ann', 'success'],
      ['ann', 'auth.login', 'ann', 'success'],
      ['ann', 'POST /migrations', '', 'INSUFFICIENT_PERMISSIONS'],
      ['root', 'migration.create', 'shop', 'success'],
      ['root', 'POST /migrations', '', 'MIGRATION_EXISTS'],
      ['root', 'migration.delete', 'shop', 'success'],
      ['ann', 'auth.logout', 'ann', 'success'],
      ['ann', 'auth.login', 'ann', 'AUTHENTICATION_REQUIRED'],
    ]);
    expect((await entries('&action=user.create'))[0]).toMatchObject({ origin: '192.0.2.7', request_id: 'made' });
  });

  it('is filtered and paged, and exported as lines, the oldest first', async () => {
    const all = await entries();
    expect((await entries('&actor=ann&action=auth.login')).map(({ actor }) => actor)).toEqual(['ann', 'ann']);
    expect(await entries('&subject=shop')).toHaveLength(2);
    const [newest, , middle] = all;
    const [since, until] = [`&since=${middle?.at}`, `&until=${newest?.at}`];
    expect(await entries(since)).toEqual(all.filter(({ at }) => at >= (middle?.at ?? '')));
    expect(await entries(until)).toEqual(all.filter(({ at }) => at < (newest?.at ?? '')));
    const paged: Entry[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = (await root.get<Page>(`/audit?limit=3${cursor && `&cursor=${cursor}`}`)).body;
      paged.push(...page.data);
      cursor = page.next_cursor;
    }
    expect(paged).toEqual(all);
    expect(await lines()).toEqual(all.toReversed());
    expect(await lines('&actor=ann')).toEqual(all.filter(({ actor }) => actor === 'ann').toReversed());
  });

  it('is exported whole, however long it is', async () => {
    await withClient(database.url, (client) =>
      client.query(
        `INSERT INTO audit (uuid, organization_uuid, actor, action, subject, data)
         SELECT gen_random_uuid(), uuid, 'many', 'api.update', n::text, '{}'
           FROM organizations, generate_series(1, 1500) n WHERE id = 'acme'`,
      ),
    );
    const subjects = (await lines('&actor=many')).map(({ subject }) => Number(subject));
    expect(subjects.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 1500 }, (_, n) => n + 1));
  });

  it('is verified, and what was changed is shown', async () => {
    await link();
    const { head, ...first } = (await root.get<Verified>('/audit/verify')).body.data;
    expect(first).toMatchObject({ intact: true, waiting: 0, findings: [] });
    const known = `?known=${head.position}:${head.hash}`;
    expect((await root.get<Verified>(`/audit/verify${known}`)).body.data.intact).toBe(true);
    const [login] = await entries('&action=auth.logout');
    await withClient(database.url, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(`UPDATE audit SET actor = 'root' WHERE uuid = $1`, [login?.uuid]);
    });
    const { intact, findings } = (await root.get<Verified>('/audit/verify')).body.data;
    expect({ intact, findings }).toMatchObject({
      intact: false,
      findings: [{ kind: 'changed', position: login?.link?.position, entry: login?.uuid }],
    });
  });

  it('is for Admins of its organization alone', async () => {
    await root.post('/iam/users', { username: 'writer', password: 'correct horse', access_level: 'Write' });
    const writer = await root.logIn('acme', 'writer', 'correct horse');
    for (const path of ['/audit', '/audit?format=jsonl', '/audit/verify']) {
      expect((await writer.get(path)).status).toBe(403);
    }
    const other = root.withToken(await gateway.createOrganization('other'));
    const { body } = await other.get<Page>('/audit');
    expect(body.data.map(({ action }) => action)).toEqual(['auth.login', 'organization.create']);
  });

  it.each(['since=yesterday', 'until=x', 'format=xml', 'limit=0', 'actor=', 'cursor=x'])(
    'refuses a question that it does not understand: %s',
    async (query) => {
      expect((await root.get(`/audit?${query}`)).status).toBe(400);
    },
  );

  it('refuses a head that is none', async () => {
    expect((await root.get('/audit/verify?known=1:x')).status).toBe(400);
  });

  it('is exported to so many of an organization at a time', async () => {
    const big = new ApiClient(gateway.url).withToken(await gateway.createOrganization('big'));
    // More than connections hold that nobody reads.
    await withClient(database.url, (client) =>
      client.query(
        `INSERT INTO audit (uuid, organization_uuid, actor, action, subject, data)
         SELECT gen_random_uuid(), uuid, 'many', 'api.update', n::text, json_build_object('x', repeat('x', 4000))
           FROM organizations, generate_series(1, 8000) n WHERE id = 'big'`,
      ),
    );
    const begin = () =>
      fetch(`${gateway.url}/api/v1/audit?format=jsonl`, { headers: { authorization: `Bearer ${big.token}` } });
    const open = await Promise.all([begin(), begin(), begin(), begin()]);
    expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const refused = await begin();
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ details: 'The organization has 4 exports of the audit open' });
    expect((await root.get('/audit?format=jsonl&actor=nobody')).status).toBe(200);
    for (const { body } of open) await body?.cancel();
    await eventually(async () => {
      const again = await begin();
      await again.body?.cancel();
      expect(again.status).toBe(200);
    });
  });
});
