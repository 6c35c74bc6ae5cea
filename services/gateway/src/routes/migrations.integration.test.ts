import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { StoredError } from '@eden/domain';
import { ApiClient, createControlDatabase, eventually, redisDatabase, withClient } from '@eden/testkit';
import type { ApiResponse, TestDatabase } from '@eden/testkit';
import { startTestGateway } from '../testing/test-gateway.js';
import type { TestGateway } from '../testing/test-gateway.js';

/*
 * The gateway alone: no worker takes a run from its queue here. Where a run has to come to an end, the test writes the
 * end into the control database, as a worker's last transaction does.
 */

const NIGHT = { start: '22:00', end: '05:00', timezone: 'Europe/Berlin' };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
type Body = Record<string, unknown>;

const SUCCESS = { status: 'success', message: 'success' };
const ASYNC = { prefer: 'respond-async' };
const LONG_WAIT = { prefer: 'wait=60' };

let control: TestDatabase;
let gateway: TestGateway;
let admin: ApiClient;
let reader: ApiClient;

beforeAll(async () => {
  control = await createControlDatabase();
  gateway = await startTestGateway({
    DATABASE_URL: control.url,
    REDIS_URL: await redisDatabase(),
    MIGRATE_WAIT_MS: '60000',
  });
  admin = new ApiClient(gateway.url, await gateway.createOrganization('acme'));
  await admin.post('/iam/users', { username: 'reader', password: 'correct horse' });
  reader = await new ApiClient(gateway.url).logIn('acme', 'reader', 'correct horse');
  const config = { url: 'postgresql://nobody:hidden-password@127.0.0.1:1/nothing' };
  await admin.post('/endpoints', { id: 'db', kind: 'Postgres', config });
  const template = { endpoint: 'db', kind: 'Write', template: { query: 'DELETE FROM notes' } };
  await admin.post('/templates', { id: 'clear', template });
});

afterAll(() => gateway.stop());

async function newMigration(id: string, body: object = {}): Promise<void> {
  const { status, body: answer } = await admin.post('/migrations', { id, ...body });
  expect({ status, answer }).toEqual({ status: 200, answer: SUCCESS });
}

/** What the organization's stream says; first undefined, once it is open. */
async function* eventsFrom({ gatewayUrl, token }: ApiClient, signal: AbortSignal, accept = 'text/event-stream') {
  const headers = { authorization: `Bearer ${token}`, accept };
  const { body } = await fetch(`${gatewayUrl}/api/v1/events`, { headers, signal });
  yield undefined;
  let text = '';
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(chunk);
    for (const [, data = ''] of text.matchAll(/^data: (.*)\n\n/gm)) yield JSON.parse(data);
    text = text.slice(text.lastIndexOf('\n\n') + 2);
  }
}

/** Ends the unfinished run of a migration as soon as there is one. */
async function finishRun(id: string, state: string, error: StoredError | null = null): Promise<void> {
  await withClient(control.url, (session) =>
    eventually(async () => {
      const { rowCount } = await session.query(
        `UPDATE runs SET state = $2, error = $3, slot = NULL, finished_at = clock_timestamp(), epoch = ($2 = 'succeeded')::int,
                cancelled_by = CASE $2 WHEN 'cancelled' THEN 'ann' END
          WHERE slot IS NOT NULL AND migration_uuid = (SELECT uuid FROM migrations WHERE id = $1)`,
        [id, state, error === null ? null : JSON.stringify(error)],
      );
      expect(rowCount).toBe(1);
    }),
  );
}

/** Ends the sync of a migration, so that the migrate behind it is next. */
async function finishFirst(id: string): Promise<void> {
  await withClient(control.url, async (session) => {
    const ofMigration = 'migration_uuid = (SELECT uuid FROM migrations WHERE id = $1)';
    await session.query(
      `UPDATE runs SET state = 'succeeded', slot = NULL, finished_at = clock_timestamp(), epoch = 1
        WHERE slot = 'active' AND ${ofMigration}`,
      [id],
    );
    await session.query(`UPDATE runs SET slot = 'active' WHERE slot = 'behind' AND ${ofMigration}`, [id]);
  });
}

/** Where its unfinished run would be by the work of others. */
async function putInState(id: string, state: string): Promise<void> {
  await withClient(control.url, (session) =>
    session.query(
      `UPDATE runs SET state = $2, epoch = 1, in_doubt_since = clock_timestamp()
        WHERE slot IS NOT NULL AND migration_uuid = (SELECT uuid FROM migrations WHERE id = $1)`,
      [id, state],
    ),
  );
}

/** The answer of a request to a run that ends while the request waits for it. */
async function whileWaiting(
  request: Promise<ApiResponse<unknown>>,
  ...end: Parameters<typeof finishRun>
): Promise<ApiResponse<unknown>> {
  const [answer] = await Promise.all([request, finishRun(...end)]);
  return answer;
}

describe('a migration', () => {
  it('has the keys of the guide and the additions of the contract', async () => {
    await newMigration('shown', { description: 'a new schema', parameters: { batch_size: 10 } });
    const { status, body } = await reader.get('/migrations/shown');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        status: 'success',
        data: {
          id: 'shown',
          uuid: expect.stringMatching(UUID),
          description: 'a new schema',
          state: 'Pending',
          api_uuids: [],
          atomicity: null,
          approval: null,
          parameters: { batch_size: 10 },
          options: {},
          labels: {},
          notes: null,
          run: null,
          created_by: 'root',
          actions: ['drift'],
          created_at: expect.stringMatching(TIME),
          updated_at: expect.stringMatching(TIME),
        },
      },
    });
  });

  it('names what its caller may do with it now, by their level and its state', async () => {
    await newMigration('to-do');
    const actionsOf = async (client: ApiClient): Promise<unknown> =>
      (await client.get<{ data: { actions: string[] } }>('/migrations/to-do')).body.data.actions;
    const still = ['update', 'add_api', 'put_source', 'sync', 'rehearse', 'drift', 'delete', 'grant'];
    expect(await actionsOf(admin)).toEqual(still);
    await admin.post('/migrations/to-do/sync', {}, { prefer: 'respond-async' });
    expect(await actionsOf(admin)).toEqual(['cancel', 'drift', 'grant']);
    expect(await actionsOf(reader)).toEqual(['drift']);
    await admin.post('/migrations/to-do/cancel');
    expect(await actionsOf(admin)).toEqual(still);
  });

  it('is found in the list by state, text, prefix, author and time, with counts by state', async () => {
    await newMigration('found-1', { description: 'Colours of 100% cotton' });
    await newMigration('found-2');
    const list = async (query: string): Promise<unknown> => {
      type Page = { data: { id: string }[]; counts: Record<string, number> };
      const { body } = await reader.get<Page>(`/migrations?id_prefix=found-&${query}`);
      return { ids: body.data.map(({ id }) => id), counts: body.counts };
    };
    const counts = { Pending: 2, 'In Progress': 0, Completed: 0, Failed: 0, 'Rolled Back': 0 };
    expect(await list('')).toEqual({ ids: ['found-2', 'found-1'], counts });
    expect(await list('state=Failed')).toEqual({ ids: [], counts });
    expect(await list('q=100%25%20COTTON')).toEqual({ ids: ['found-1'], counts: { ...counts, Pending: 1 } });
    expect(await list('q=_')).toMatchObject({ ids: [] });
    expect(await list('actor=nobody')).toMatchObject({ ids: [] });
    expect(await list('level=atomic')).toMatchObject({ ids: [] });
    expect(await list('since=2100-01-01T00:00:00Z')).toMatchObject({ ids: [] });
    expect((await reader.get('/migrations?state=Nothing')).status).toBe(400);
  });

  it('shows its runs among all of the organization, in the list of locks and in the stream of its events', async () => {
    await newMigration('moving');
    const stream = new AbortController();
    const events = eventsFrom(reader, stream.signal);
    await events.next();
    await admin.post('/migrations/moving/sync', {}, { prefer: 'respond-async' });
    const { value } = await events.next();
    stream.abort();
    expect(value).toMatchObject({ migration_id: 'moving' });
    const { body } = await reader.get('/runs?q=moving&state=queued&kind=sync');
    const progress = { done: 0, estimated: 0, unit: 'bindings' };
    expect(body).toMatchObject({ data: [{ migration_id: 'moving', kind: 'sync', state: 'queued', progress }] });
    expect((await reader.get('/runs?q=moving&kind=migrate')).body).toMatchObject({ data: [] });
    expect((await reader.get<{ data: object[] }>('/events', { accept: 'application/json' })).body.data).toContainEqual(
      expect.objectContaining({ type: 'run', migration_id: 'moving' }),
    );
    expect((await reader.get('/locks')).body).toEqual({ status: 'success', data: [], next_cursor: null });
    await admin.post('/migrations/moving/cancel');
    const [{ uuid }] = (body as { data: [{ uuid: string }] }).data;
    const page = (query: string) => reader.get(`/runs/${uuid}/events?limit=1${query}`);
    expect((await page('')).body).toMatchObject({ data: [{ sequence: 1 }], next_cursor: '1' });
    expect((await page('&cursor=1')).body).toMatchObject({ data: [{ sequence: 2 }], next_cursor: null });
    expect((await page('&cursor=x')).status).toBe(400);
    expect((await reader.get('/locks?limit=201')).status).toBe(400);
    expect((await reader.get('/migrations/moving/sources')).body).toMatchObject({ data: [], next_cursor: null });
  });

  it('is told of by the stream to whoever asks for nothing else', async () => {
    for (const accept of ['*/*', 'application/json, text/event-stream']) {
      const stream = new AbortController();
      const events = eventsFrom(reader, stream.signal, accept);
      await events.next();
      const id = `told-${accept.length}`;
      await newMigration(id);
      const { value } = await events.next();
      stream.abort();
      expect(value).toMatchObject({ type: 'migration', migration_id: id, run: null });
    }
  });

  it('shows its APIs when X-Eden-Verbose is exactly true', async () => {
    await newMigration('verbose');
    await admin.post('/apis', { id: 'api' });
    const add = { id: 'api', bindings: [{ template: 'clear', fields: { a: 'b' } }], stage: -2, next: { bindings: [] } };
    expect((await admin.post('/migrations/verbose/add_api', { ...add, stage: 2 ** 31 })).status).toBe(400);
    expect(await admin.post('/migrations/verbose/add_api', add)).toMatchObject({
      status: 200,
      body: { status: 'success', message: 'added Api to migration' },
    });
    const { body: template } = await admin.get<{ data: { uuid: string } }>('/templates/clear');
    const { body: basic } = await reader.get<{ data: { uuid: string; api_uuids: string[] } }>('/migrations/verbose');
    const { body } = await reader.get('/migrations/verbose', { 'x-eden-verbose': 'true' });
    expect(body).toMatchObject({
      data: {
        id: 'verbose',
        apis: [
          {
            id: 'api',
            uuid: basic.data.api_uuids[0],
            fields: [],
            bindings: [],
            migration: {
              uuid: basic.data.uuid,
              state: false,
              stage: -2,
              bindings: [{ template: template.data.uuid, fields: { a: 'b' } }],
              next: { bindings: [] },
            },
            created_at: expect.stringMatching(TIME),
          },
        ],
      },
    });
    expect(body).not.toHaveProperty('data.api_uuids');
    for (const value of ['True', '1', 'yes']) {
      const other = await reader.get('/migrations/verbose', { 'x-eden-verbose': value });
      expect(other.body).toHaveProperty('data.api_uuids');
    }
  });

  it('lets an API go again', async () => {
    await newMigration('leaving');
    await admin.post('/apis', { id: 'leaver' });
    await admin.post('/migrations/leaving/add_api', { id: 'leaver', bindings: [] });
    expect(await admin.delete('/migrations/leaving/apis/leaver')).toMatchObject({
      status: 200,
      body: { message: 'removed Api from migration' },
    });
    expect((await admin.delete('/migrations/leaving/apis/leaver')).status).toBe(404);
  });

  it('refuses an API that is in another one, in the words of the guide', async () => {
    await newMigration('second');
    expect(await admin.post('/migrations/second/add_api', { id: 'api', bindings: [] })).toMatchObject({
      status: 409,
      body: {
        error: 'Api Schema already has an active migration',
        details: 'Each API can only participate in one migration at a time',
      },
    });
  });

  it('is changed, listed and deleted', async () => {
    await newMigration('short-lived');
    const changes = { description: null, parameters: { a: [1] }, options: { atomicity: 'best', max_parallel: 2 } };
    expect(await admin.patch('/migrations/short-lived', changes)).toMatchObject({
      status: 200,
      body: { ...SUCCESS, data: changes },
    });
    expect((await reader.get('/migrations?limit=1')).body).toMatchObject({ data: [{ id: 'short-lived', ...changes }] });
    expect(await admin.delete('/migrations/short-lived')).toMatchObject({ status: 200, body: SUCCESS });
    expect(await admin.get('/migrations/short-lived')).toMatchObject({
      status: 404,
      body: { error: 'Migration not found', migration_id: 'short-lived' },
    });
  });

  it.each<[string, object, string]>([
    ['of a zone that is none', { maintenance_window: { start: '01:00', end: '02:00', timezone: 'Mars' } }, 'timezone'],
    ['at a time that is none', { maintenance_window: { start: '25:00', end: '02:00', timezone: 'UTC' } }, 'start'],
    ['of no length', { maintenance_window: { start: '01:00', end: '01:00', timezone: 'UTC' } }, 'end'],
    ['on a day that is none', { maintenance_window: { ...NIGHT, days: ['someday'] } }, 'days[0]'],
    ['of no days', { maintenance_window: { ...NIGHT, days: [] } }, 'days'],
  ])('has no maintenance window %s', async (_, options, key) => {
    expect(await admin.post('/migrations', { id: 'windowed', options })).toMatchObject({
      status: 400,
      body: { issues: [{ path: `options.maintenance_window.${key}` }] },
    });
  });

  it('keeps its window and its pace', async () => {
    const options = {
      maintenance_window: { ...NIGHT, days: ['mon', 'fri'] },
      backfill: { target_batch_ms: 200, max_rows_per_second: 1_000 },
    };
    expect((await admin.post('/migrations', { id: 'windowed', options })).status).toBe(200);
    expect((await reader.get('/migrations/windowed')).body).toMatchObject({ data: { options } });
    const refused = await admin.patch('/migrations/windowed', { options: { backfill: { max_rows_per_second: 0 } } });
    expect(refused).toMatchObject({
      status: 400,
      body: { issues: [{ path: 'options.backfill.max_rows_per_second' }] },
    });
  });

  it('is managed by Admins and seen by all', async () => {
    expect((await reader.post('/migrations', { id: 'x' })).status).toBe(403);
    for (const action of ['add_api', 'sync', 'migrate']) {
      expect((await reader.post(`/migrations/shown/${action}`, { id: 'api', bindings: [] })).status).toBe(403);
    }
    expect((await reader.get('/migrations')).status).toBe(200);
  });

  it('shows who holds its locks', async () => {
    const { status, body } = await reader.get('/migrations/verbose/lock');
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        status: 'success',
        data: ['migration', 'api'].map((kind) => ({
          resource: { kind, uuid: expect.stringMatching(UUID) },
          writer: null,
          readers: [],
          waiting: [],
        })),
      },
    });
  });

  it('has no plan before its first sync', async () => {
    expect(await reader.get('/migrations/shown/plan')).toMatchObject({ status: 404, body: { code: 'PLAN_NOT_FOUND' } });
    expect(await admin.post('/migrations/shown/migrate')).toMatchObject({
      status: 409,
      body: { error: 'Migration is not synced' },
    });
  });
});

describe('a run', () => {
  it('that goes on is 202 with its place', async () => {
    await newMigration('goes-on');
    const answer = await admin.post<{ data: { run: string } }>('/migrations/goes-on/sync', {}, ASYNC);
    const { run } = answer.body.data;
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 202,
      body: { status: 'success', message: 'migration sync started', data: { run: expect.stringMatching(UUID) } },
    });
    expect(answer.headers.get('location')).toBe(`/api/v1/runs/${run}`);
    const shown = await reader.get(`/runs/${run}`);
    expect(shown.body).toMatchObject({
      data: { uuid: run, migration_id: 'goes-on', kind: 'sync', state: 'queued', actor: 'root', attempt: 1, apis: [] },
    });
    expect((await reader.get(`/runs/${run}/events`)).body).toMatchObject({
      data: [{ sequence: 1, type: 'queued' }],
      next_cursor: null,
    });
    expect((await reader.get(`/runs/${run}/events?after=1`)).body).toMatchObject({ data: [] });
    expect((await reader.get('/migrations/goes-on/runs')).body).toMatchObject({ data: [{ uuid: run }] });
    expect((await reader.get('/migrations/goes-on')).body).toMatchObject({ data: { run: { uuid: run } } });
  });

  it('is joined by an equal request, and a migrate waits behind the sync', async () => {
    await newMigration('joined');
    const sync = await admin.post('/migrations/joined/sync', {}, ASYNC);
    expect((await admin.post('/migrations/joined/sync', {}, ASYNC)).body).toEqual(sync.body);
    const migrate = await admin.post('/migrations/joined/migrate', { migration: { a: 1 } }, ASYNC);
    expect(migrate).toMatchObject({ status: 202, body: { status: 'success', message: 'migration started' } });
    expect(await admin.post('/migrations/joined/migrate', { migration: { a: 2 } }, ASYNC)).toMatchObject({
      status: 409,
      body: { error: 'Migration run in progress' },
    });
    expect((await admin.delete('/migrations/joined')).status).toBe(409);
  });

  it('that succeeds in time is the sentence of the guide', async () => {
    await newMigration('succeeds');
    const sync = admin.post('/migrations/succeeds/sync', {}, LONG_WAIT);
    const { status, body } = await whileWaiting(sync, 'succeeds', 'succeeded');
    expect({ status, body }).toEqual({ status: 200, body: { status: 'success', message: 'migration sync started' } });
  });

  it('that fails is the error it met, in the words of the guide', async () => {
    await newMigration('fails');
    const context = {
      failed_apis: ['550e8400-e29b-41d4-a716-446655440000'],
      details: 'One or more APIs failed during parallel execution',
    };
    const error: StoredError = { code: 'MIGRATION_EXECUTION_FAILED', error: 'Migration execution failed', context };
    const answer = await whileWaiting(admin.post('/migrations/fails/sync'), 'fails', 'failed', error);
    expect({ status: answer.status, body: answer.body }).toEqual({
      status: 500,
      body: {
        error: 'Migration execution failed',
        ...context,
        code: 'MIGRATION_EXECUTION_FAILED',
        request_id: expect.any(String),
      },
    });
  });

  it('that could not get its lock is 423 with a hint when to come back', async () => {
    await newMigration('locked');
    const context = { migration_id: 'locked', suggestion: 'Another migration may be in progress' };
    const error: StoredError = { code: 'LOCK_TIMEOUT', error: 'Migration lock acquisition timeout', context };
    const answer = await whileWaiting(admin.post('/migrations/locked/sync'), 'locked', 'failed', error);
    expect(answer).toMatchObject({ status: 423, body: { error: error.error, ...context } });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('that failed is not started again by its Idempotency-Key', async () => {
    await newMigration('failed-once');
    const key = { 'idempotency-key': 'deploy-17' };
    const error: StoredError = {
      code: 'TEMPLATE_NOT_FOUND',
      error: 'Template not found',
      context: { template_id: 't' },
    };
    const sync = admin.post('/migrations/failed-once/sync', {}, key);
    const first = await whileWaiting(sync, 'failed-once', 'failed', error);
    const again = await admin.post('/migrations/failed-once/sync', {}, key);
    expect([first.status, again.status]).toEqual([404, 404]);
    expect(again.body).toEqual(first.body);
    expect((await reader.get<{ data: [] }>('/migrations/failed-once/runs')).body.data).toHaveLength(1);
  });

  it('that was cancelled meanwhile says who wanted that', async () => {
    await newMigration('cancelled');
    const answer = await whileWaiting(admin.post('/migrations/cancelled/sync'), 'cancelled', 'cancelled');
    expect(answer).toMatchObject({
      status: 409,
      body: { error: 'Migration run was cancelled', code: 'RUN_CANCELLED', cancelled_by: 'ann' },
    });
  });

  it('that nobody has begun is cancelled at once, and once more with the same answer', async () => {
    await newMigration('called-off');
    const sync = admin.post('/migrations/called-off/sync', {}, LONG_WAIT);
    const cancel = await eventually(async () => {
      const answer = await admin.post('/migrations/called-off/cancel');
      expect(answer.status).toBe(200);
      return answer;
    });
    expect(cancel.body).toMatchObject({
      message: 'migration run cancelled',
      data: { kind: 'sync', state: 'cancelled', cancelled_by: 'root' },
    });
    expect((await admin.post('/migrations/called-off/cancel')).body).toEqual(cancel.body);
    expect(await sync).toMatchObject({ status: 409, body: { code: 'RUN_CANCELLED' } });
  });

  it('that is not there cannot be cancelled', async () => {
    await newMigration('idle');
    expect(await admin.post('/migrations/idle/cancel')).toMatchObject({
      status: 409,
      body: { error: 'Migration has no run in progress' },
    });
    expect((await reader.post('/migrations/idle/cancel')).status).toBe(403);
  });

  it('that is not there is neither paused nor resumed, and a sync has no pace', async () => {
    await newMigration('restless');
    for (const action of ['pause', 'resume']) {
      expect(await admin.post(`/migrations/restless/${action}`)).toMatchObject({
        status: 409,
        body: { code: 'NO_RUN_IN_PROGRESS' },
      });
    }
    const { body } = await admin.post<{ data: { run: string } }>('/migrations/restless/sync', {}, ASYNC);
    const path = `/runs/${body.data.run}`;
    expect(await admin.post('/migrations/restless/pause')).toMatchObject({
      status: 409,
      body: { code: 'RUN_NOT_PAUSABLE', run_uuid: body.data.run },
    });
    expect(await admin.patch(path, { batch_size: 10 })).toMatchObject({
      status: 409,
      body: { code: 'RUN_NOT_TUNABLE' },
    });
    expect((await admin.patch(path, {})).status).toBe(400);
    expect(await admin.patch(path, { batch_size: 0 })).toMatchObject({ body: { issues: [{ path: 'batch_size' }] } });
    expect((await reader.patch(path, { batch_size: 10 })).status).toBe(403);
  });

  it('names what its caller may do with it now, alone and in lists, by their level and its state', async () => {
    await newMigration('handled');
    type Shown = { data: { actions: string[] } };
    const actionsOf = async (run: string, client = admin): Promise<unknown> => {
      const { actions } = (await client.get<Shown>(`/runs/${run}`)).body.data;
      for (const list of ['/runs?q=handled', '/migrations/handled/runs']) {
        const { body } = await client.get<{ data: { uuid: string; actions: string[] }[] }>(list);
        expect(body.data.find(({ uuid }) => uuid === run)?.actions).toEqual(actions);
      }
      return actions;
    };
    const { body: sync } = await admin.post<{ data: { run: string } }>('/migrations/handled/sync', {}, ASYNC);
    expect(await actionsOf(sync.data.run)).toEqual(['cancel']);
    const { body: migrate } = await admin.post<{ data: { run: string } }>('/migrations/handled/migrate', {}, ASYNC);
    await finishFirst('handled');
    expect(await actionsOf(sync.data.run)).toEqual([]);
    expect(await actionsOf(migrate.data.run)).toEqual(['pause', 'tune', 'cancel']);
    expect(await actionsOf(migrate.data.run, reader)).toEqual([]);
    await admin.post('/iam/rbac/migrations/handled/subjects', { subjects: [['reader', 'Admin']] });
    expect(await actionsOf(migrate.data.run, reader)).toEqual(['pause', 'tune', 'cancel']);
    expect(await admin.post('/migrations/handled/pause')).toMatchObject({
      status: 200,
      body: { data: { actions: ['resume', 'tune', 'cancel'] } },
    });
    await putInState('handled', 'in_doubt');
    expect(await actionsOf(migrate.data.run)).toEqual(['tune', 'resolve']);
  });

  it('of another organization is not there', async () => {
    const stranger = new ApiClient(gateway.url, await gateway.createOrganization('stranger'));
    await newMigration('private');
    const { body } = await admin.post<{ data: { run: string } }>('/migrations/private/sync', {}, ASYNC);
    for (const path of ['', '/events']) {
      expect((await stranger.get(`/runs/${body.data.run}${path}`)).status).toBe(404);
    }
  });
});
