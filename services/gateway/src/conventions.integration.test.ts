import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createControlDatabase, redisDatabase } from '@eden/testkit';
import request from 'supertest';
import { startTestGateway } from './testing/test-gateway.js';
import type { TestGateway } from './testing/test-gateway.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  const { url } = await createControlDatabase();
  gateway = await startTestGateway({ DATABASE_URL: url, REDIS_URL: await redisDatabase() });
  token = await gateway.createOrganization('acme');
});

afterAll(() => gateway.stop());

/** A request with the token of a SuperAdmin. */
function as(method: 'get' | 'post' | 'patch' | 'delete', path: string): request.Test {
  return request(gateway.url)[method](`/api/v1${path}`).auth(token, { type: 'bearer' });
}

describe('bodies', () => {
  it('are JSON also when nobody says so', async () => {
    // fetch would add a Content-Type to a string; bytes have none.
    const response = await fetch(`${gateway.url}/api/v1/migrations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: Buffer.from('{"id":"without-type"}'),
    });
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { status: 'success', message: 'success' },
    });
  });

  it('that are empty are an empty object', async () => {
    const { status, body } = await as('post', '/migrations');
    expect(status).toBe(400);
    expect(body).toMatchObject({ issues: [{ path: 'id' }] });
    await as('post', '/auth/refresh').expect(200);
  });

  it('with an unknown key are refused by its name', async () => {
    const { status, body } = await as('post', '/migrations').send({ id: 'm', descripton: 'typo' });
    expect(status).toBe(400);
    expect(body).toEqual({
      error: 'Validation failed',
      issues: [{ path: 'descripton', message: 'Unknown key "descripton"' }],
      code: 'VALIDATION_FAILED',
      request_id: expect.stringMatching(UUID),
    });
  });

  it.each([
    ['text/plain', 'id=m'],
    ['application/x-www-form-urlencoded', 'id=m'],
    ['application/json; charset=latin1', '{}'],
  ])('of type %s are 415', async (type, text) => {
    const { body } = await as('post', '/migrations').set('Content-Type', type).send(text).expect(415);
    expect(body).toMatchObject({ error: 'Unsupported media type', code: 'UNSUPPORTED_MEDIA_TYPE' });
  });

  it('with another JSON type are JSON', async () => {
    await as('post', '/migrations').set('Content-Type', 'application/merge-patch+json').send('{}').expect(400);
  });

  it.each(['{"id": ', 'hello', '{"id":"m"}}'])('that are no JSON are 400: %s', async (text) => {
    const { body } = await as('post', '/migrations').set('Content-Type', 'application/json').send(text).expect(400);
    expect(body).toMatchObject({ error: 'Validation failed', issues: [{ message: 'The body is not valid JSON' }] });
  });

  it('that are not compressed as they say are 400', async () => {
    const { body } = await as('post', '/migrations')
      .set('Content-Encoding', 'gzip')
      .type('json')
      .send('{}')
      .expect(400);
    expect(body).toMatchObject({ error: 'Validation failed', issues: [{ message: 'The body is not valid JSON' }] });
  });

  it.each(['[]', '"x"', 'null', '7'])('that are no object are 400: %s', async (text) => {
    await as('post', '/migrations').set('Content-Type', 'application/json').send(text).expect(400);
  });

  it('over 1 MiB are 413', async () => {
    const { body } = await as('post', '/migrations')
      .send({ id: 'm', description: 'x'.repeat(1_048_576) })
      .expect(413);
    expect(body).toMatchObject({ error: 'Payload too large', code: 'PAYLOAD_TOO_LARGE' });
  });

  it('that are nested deeper than anybody needs are 400', async () => {
    const deep = `{"id":"m","parameters":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`;
    await as('post', '/migrations').set('Content-Type', 'application/json').send(deep).expect(400);
  });

  it('cannot reach a prototype', async () => {
    const text = '{"id":"m","parameters":{"__proto__":{"polluted":true}}}';
    const { body } = await as('post', '/migrations').set('Content-Type', 'application/json').send(text).expect(400);
    expect(body).toMatchObject({ issues: [{ path: 'parameters.__proto__' }] });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('are not even read for those who may not send them', async () => {
    await request(gateway.url).post('/api/v1/migrations').type('json').send('{"id": ').expect(401);
    await request(gateway.url).post('/api/v1/new').type('json').send('{"id": ').expect(401);
  });
});

describe('paths and queries', () => {
  it.each(['/nothing', '/migrations/a/nothing'])('that do not exist are 404: %s', async (path) => {
    const { body } = await as('get', path).expect(404);
    expect(body).toEqual({
      error: 'Route not found',
      code: 'ROUTE_NOT_FOUND',
      request_id: expect.stringMatching(UUID),
    });
  });

  it.each([
    ['put', '/api/v1/migrations', 'GET, HEAD, POST'],
    ['delete', '/api/v1/migrations', 'GET, HEAD, POST'],
    ['post', '/api/v1/migrations/m', 'DELETE, GET, HEAD, PATCH'],
    ['get', '/api/v1/migrations/m/sync', 'POST'],
    ['get', '/api/v1/new', 'POST'],
    ['put', '/api/v1/apis/a', 'DELETE, GET, HEAD, PATCH, POST'],
    ['post', '/healthz', 'GET, HEAD'],
    ['delete', '/docs', 'GET, HEAD'],
  ] as const)('that exist refuse another method and name their own: %s %s', async (method, path, allowed) => {
    const response = await request(gateway.url)[method](path).expect(405);
    expect(response.headers['allow']).toBe(allowed);
    expect(response.body).toEqual({
      error: 'Method not allowed',
      allowed: allowed.split(', '),
      code: 'METHOD_NOT_ALLOWED',
      request_id: expect.stringMatching(UUID),
    });
  });

  it('answer OPTIONS and HEAD as ever', async () => {
    expect((await request(gateway.url).options('/api/v1/migrations').expect(200)).headers['allow']).toContain('POST');
    await request(gateway.url).head('/healthz').expect(200);
  });

  it.each(['/migrations/%00', '/migrations/a%20b', `/migrations/${'x'.repeat(129)}`, '/migrations/%zz', '/runs/m'])(
    'that hold what can be no id are 400: %s',
    async (path) => {
      const { body } = await as('get', path).expect(400);
      expect(body).toMatchObject({ error: 'Validation failed' });
    },
  );

  it.each(['limit=0', 'limit=201', 'limit=x', 'limit=1&limit=2', 'cursor=not-ours'])(
    'of a page that cannot be are 400: %s',
    (query) => as('get', `/migrations?${query}`).expect(400),
  );

  it('that ask for events behind the last possible one are 400', async () => {
    const events = '/runs/550e8400-e29b-41d4-a716-446655440000/events';
    await as('get', `${events}?after=2147483648`).expect(400);
    await as('get', `${events}?after=2147483647`).expect(404);
  });
});

describe('lists', () => {
  it('come in pages, newest first', async () => {
    const ids = ['page-1', 'page-2', 'page-3'];
    for (const id of ids) await as('post', '/migrations').send({ id }).expect(200);
    const first = await as('get', '/migrations?limit=2').expect(200);
    const { data, next_cursor: cursor } = first.body as { data: { id: string }[]; next_cursor: string };
    expect(data.map(({ id }) => id)).toEqual(['page-3', 'page-2']);
    const second = await as('get', `/migrations?limit=1&cursor=${encodeURIComponent(cursor)}`).expect(200);
    expect(second.body).toMatchObject({ status: 'success', data: [{ id: 'page-1' }] });
  });

  it('end with a null cursor', async () => {
    const { body } = await as('get', '/endpoints').expect(200);
    expect(body).toEqual({ status: 'success', data: [], next_cursor: null });
  });
});

describe('request ids', () => {
  it('are taken and returned, also in errors', async () => {
    const { headers, body } = await as('get', '/migrations/none').set('X-Request-Id', 'build-17.4').expect(404);
    expect(headers['x-request-id']).toBe('build-17.4');
    expect(body).toMatchObject({ request_id: 'build-17.4' });
  });

  it.each(['-', '=1/abc+/==', '<script>', 'x'.repeat(128), '!~'])('may be "%s"', async (id) => {
    const { headers, body } = await as('get', '/migrations/none').set('X-Request-Id', id).expect(404);
    expect([headers['x-request-id'], (body as { request_id: string }).request_id]).toEqual([id, id]);
  });

  it.each(['', 'a b', 'x'.repeat(129), '"', 'a\\b', 'ü'])('that could do harm are replaced: "%s"', async (id) => {
    const { headers } = await as('get', '/migrations').set('X-Request-Id', id).expect(200);
    expect(headers['x-request-id']).toMatch(UUID);
  });
});

describe('a NUL', () => {
  it.each(['/audit?actor=%00', '/migrations/m/sources/s/files/a%00b'])('is refused in %s', async (path) => {
    const { body } = await as('get', path).expect(400);
    expect(body).toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

describe('what everybody may see', () => {
  it('is the OpenAPI document, and its page without anything from elsewhere', async () => {
    const { body } = await request(gateway.url).get('/openapi.json').expect(200);
    expect(body).toMatchObject({ openapi: '3.1.0', paths: { '/api/v1/migrations': { post: {} } } });
    const page = await request(gateway.url).get('/docs').expect(200);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    expect(page.text).toContain('/api/v1/migrations/{migration}/add_api');
  });

  it('is health and readiness', async () => {
    await request(gateway.url).get('/healthz').expect(200, { status: 'ok' });
    const checks = { control_database: 'ok', lock_quorum: 'ok' };
    await request(gateway.url).get('/readyz').expect(200, { status: 'ready', checks });
  });

  it('are the metrics, with route patterns and never with ids', async () => {
    await as('get', '/migrations/secret-id').expect(404);
    const { text } = await request(gateway.url).get('/metrics').expect(200);
    expect(text).toContain('route="/migrations/{migration}",status="404"');
    expect(text).not.toContain('secret-id');
  });

  it('is neither the framework nor a cached answer', async () => {
    const { headers } = await as('get', '/migrations').expect(200);
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['etag']).toBeUndefined();
    expect(headers['cache-control']).toBe('no-store');
  });
});
