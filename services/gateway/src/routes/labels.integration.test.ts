import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiClient, createControlDatabase, redisDatabase } from '@eden/testkit';
import { startTestGateway, type TestGateway } from '../testing/test-gateway.js';

type Body = Record<string, unknown>;

let gateway: TestGateway;
let admin: ApiClient;

beforeAll(async () => {
  gateway = await startTestGateway({
    DATABASE_URL: (await createControlDatabase()).url,
    REDIS_URL: await redisDatabase(),
  });
  admin = new ApiClient(gateway.url, await gateway.createOrganization('acme'));
});

afterAll(() => gateway.stop());

describe('a migration', () => {
  it('has labels and notes, in every form, until a PATCH clears them', async () => {
    const remark = { labels: { commit: '4f2a91c', 'app.kubernetes.io/part-of': 'shop' }, notes: 'see T-1' };
    await admin.post('/migrations', { id: 'labelled', ...remark });
    expect((await admin.get('/migrations/labelled')).body).toMatchObject({ data: remark });
    expect((await admin.get('/migrations?limit=1')).body).toMatchObject({ data: [{ id: 'labelled', ...remark }] });
    const verbose = await admin.get('/migrations/labelled', { 'x-eden-verbose': 'true' });
    expect(verbose.body).toMatchObject({ data: { apis: [], ...remark } });
    const patch = async (changes: object): Promise<unknown> => {
      const { status, body } = await admin.patch<{ data: Body }>('/migrations/labelled', changes);
      return [status, body.data['labels'], body.data['notes']];
    };
    expect(await patch({ labels: { team: 'a' } })).toEqual([200, { team: 'a' }, 'see T-1']);
    expect(await patch({ labels: {}, notes: null })).toEqual([200, {}, null]);
    expect(await patch(remark)).toEqual([200, remark.labels, remark.notes]);
    expect(await patch({ labels: null })).toEqual([200, {}, 'see T-1']);
    const audit = await admin.get<{ data: Body[] }>('/audit?subject=labelled&limit=10');
    expect(audit.body.data.map(({ action }) => action)).toEqual([
      ...Array<string>(4).fill('migration.remark'),
      'migration.create',
    ]);
  });

  it('may have 32 labels beside the one that says of which line it is', async () => {
    const labels = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`l${n}`, '']));
    const remark = { labels: { ...labels, 'eden.dev/line': 'shop' } };
    await admin.post('/migrations', { id: 'of-a-line', ...remark });
    expect((await admin.get('/migrations/of-a-line')).body).toMatchObject({ data: remark });
  });

  it.each<[string, object, string]>([
    [
      'more than 32 labels',
      { labels: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`l${n}`, ''])) },
      'labels',
    ],
    ['a label with a space in its name', { labels: { 'a b': '' } }, 'labels.a b'],
    ['a label with a name of 64 characters', { labels: { ['a'.repeat(64)]: '' } }, `labels.${'a'.repeat(64)}`],
    ['a label of 257 characters', { labels: { a: 'x'.repeat(257) } }, 'labels.a'],
    ['a label that is a number', { labels: { a: 1 } }, 'labels.a'],
    ['notes of 8193 characters', { notes: 'x'.repeat(8193) }, 'notes'],
  ])('has no %s', async (_, remark, path) => {
    const refused = { status: 400, body: { issues: [{ path }] } };
    expect(await admin.post('/migrations', { id: 'over-labelled', ...remark })).toMatchObject(refused);
    expect(await admin.patch('/migrations/labelled', remark)).toMatchObject(refused);
  });
});
