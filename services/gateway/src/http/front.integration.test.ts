import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadGatewayConfig } from '@eden/config';
import {
  ApiClient,
  createControlDatabase,
  createDatabase,
  eventually,
  redisDatabase,
  testServers,
} from '@eden/testkit';
import type { Express } from 'express';
import { createApp } from '../app.js';
import type { GatewayContext } from '../context.js';
import { createContext } from '../context.js';
import { OPERATIONS } from '../routes/index.js';
import type { GatewayServer } from '../server.js';
import { startServer } from '../server.js';
import { JWT_SECRET, NEW_ORG_TOKEN } from '../testing/test-gateway.js';
import { ActiveRequests } from './active-requests.js';
import { frontOf } from './front.js';

/* One server with the Express app alone, and one with what stands before it: both have to answer alike. */

let context: GatewayContext;
let servers: readonly [GatewayServer, GatewayServer];
let token: string;
/** What is held for long answers, one after the other. */
const held: number[] = [];
const answers = { hold: (bytes: number) => void held.push(bytes), giveBack: (bytes: number) => void held.push(-bytes) };
/** What the front has given on to the app. */
const givenOn: string[] = [];

beforeAll(async () => {
  const config = loadGatewayConfig({
    DATABASE_URL: (await createControlDatabase()).url,
    REDIS_URL: await redisDatabase(),
    JWT_SECRET,
    NEW_ORG_TOKEN,
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    LOG_LEVEL: 'silent',
    ENDPOINT_ALLOW_LOOPBACK: 'true',
    EXECUTION_RATE_LIMIT_PER_MINUTE: '100000',
  });
  context = await createContext(config);
  const deps = { ...context.deps, answers };
  const requests = new ActiveRequests(deps.telemetry);
  const app = createApp(deps, requests);
  const front = frontOf(watched(app), { deps, requests, operations: OPERATIONS });
  servers = [await listen(app), await listen(front)];
  await describeApis();
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.drain(0)));
  await context.close();
});

function watched(app: Express): Express {
  const watch = (req: IncomingMessage, res: ServerResponse): void => {
    givenOn.push(`${req.method} ${req.url}`);
    app(req, res);
  };
  return Object.assign(watch, { request: app.request }) as unknown as Express;
}

function listen(listener: RequestListener): Promise<GatewayServer> {
  return startServer(listener, { host: '127.0.0.1', port: 0 });
}

function urlOf({ port }: GatewayServer): string {
  return `http://127.0.0.1:${port}`;
}

async function describeApis(): Promise<void> {
  const anonymous = new ApiClient(urlOf(servers[0]));
  const users = [{ username: 'root', password: 'correct horse' }];
  await anonymous.withToken(NEW_ORG_TOKEN).post('/new', { id: 'acme', super_admins: users });
  const root = await anonymous.logIn('acme', 'root', 'correct horse');
  token = root.token ?? '';
  const { url } = await createDatabase(testServers().targets[0]);
  await root.post('/endpoints', { id: 'db', kind: 'Postgres', config: { url } });
  const echo = { query: 'SELECT {{text}}::text AS text' };
  await root.post('/templates', { id: 'echo', template: { endpoint: 'db', kind: 'Read', template: echo } });
  const fields = [{ name: 'text', type: 'String', required: true }];
  await root.post('/apis', { id: 'echoes', fields, bindings: [{ template: 'echo', fields: { text: 'text' } }] });
}

interface Sent {
  readonly path: string;
  readonly body?: string | Uint8Array | ReadableStream;
  readonly headers?: Readonly<Record<string, string>>;
}

/** All of an answer but what is another one each time. */
async function answerOf(server: GatewayServer, { path, body, headers = {} }: Sent) {
  const response = await fetch(`${urlOf(server)}/api/v1${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  });
  const { request_id: id, ...answer } = (await response.json()) as Record<string, unknown> & { data?: object };
  const named = Object.fromEntries(response.headers);
  if (id !== undefined) expect(named['x-request-id']).toBe(id);
  for (const name of ['date', 'x-request-id', 'content-length', 'ratelimit-remaining', 'ratelimit-reset']) {
    expect(named[name]).toBeDefined();
    delete named[name];
  }
  if (answer.data !== undefined && 'execution_time_ms' in answer.data) delete answer.data.execution_time_ms;
  return { status: response.status, answer, headers: named };
}

const text = JSON.stringify({ text: "it's ü 😀" });

const ANSWERED_IN_FRONT: [string, Sent, number][] = [
  ['an API', { path: '/apis/echoes', body: text, headers: { 'content-type': 'application/json' } }, 200],
  ['a template', { path: '/templates/echo', body: text, headers: { 'content-type': 'application/json' } }, 200],
  [
    'a body in words of its own',
    { path: '/apis/echoes', body: text, headers: { 'content-type': 'application/json; charset=UTF-8' } },
    200,
  ],
  [
    'an Idempotency-Key',
    { path: '/apis/echoes', body: text, headers: { 'content-type': 'application/json', 'idempotency-key': 'k' } },
    200,
  ],
  [
    'a mark of the byte order',
    { path: '/apis/echoes', body: Buffer.from(`\uFEFF${text}`), headers: { 'content-type': 'application/json' } },
    200,
  ],
  ['no body, where a field is needed', { path: '/apis/echoes' }, 400],
  ['no JSON', { path: '/apis/echoes', body: '{"text"', headers: { 'content-type': 'application/json' } }, 400],
  ['blanks', { path: '/apis/echoes', body: '  ', headers: { 'content-type': 'application/json' } }, 400],
  ['a list', { path: '/apis/echoes', body: '[1]', headers: { 'content-type': 'application/json' } }, 400],
  [
    '__proto__',
    { path: '/apis/echoes', body: '{"__proto__": {}}', headers: { 'content-type': 'application/json' } },
    400,
  ],
  [
    '101 levels',
    {
      path: '/apis/echoes',
      body: `${'['.repeat(101)}${']'.repeat(101)}`,
      headers: { 'content-type': 'application/json' },
    },
    400,
  ],
  [
    'a key that is too long',
    {
      path: '/apis/echoes',
      body: text,
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k'.repeat(201) },
    },
    400,
  ],
  [
    'an API that is not there',
    { path: '/apis/nowhere', body: '{}', headers: { 'content-type': 'application/json' } },
    404,
  ],
  ['a name that is none', { path: '/apis/..echoes', body: '{}', headers: { 'content-type': 'application/json' } }, 400],
];

const GIVEN_ON: [string, Sent, number][] = [
  [
    'a name with an escape',
    { path: '/apis/%65choes', body: text, headers: { 'content-type': 'application/json' } },
    200,
  ],
  ['a slash at the end', { path: '/apis/echoes/', body: text, headers: { 'content-type': 'application/json' } }, 200],
  ['a query', { path: '/apis/echoes?a=b', body: text, headers: { 'content-type': 'application/json' } }, 200],
  ['another type', { path: '/apis/echoes', body: text, headers: { 'content-type': 'text/plain' } }, 415],
  [
    'a charset of its own',
    { path: '/apis/echoes', body: text, headers: { 'content-type': 'application/json; charset=latin-7x' } },
    415,
  ],
  [
    'more than fits',
    { path: '/apis/echoes', body: `"${'x'.repeat(1_048_576)}"`, headers: { 'content-type': 'application/json' } },
    413,
  ],
];

describe.each([
  ['answers in front of the app', ANSWERED_IN_FRONT, 0],
  ['gives on to the app', GIVEN_ON, 1],
])('a gateway %s', (_what, cases, count) => {
  it.each(cases)('a request with %s as the app alone', async (_name, sent, status) => {
    const alone = await answerOf(servers[0], sent);
    expect(alone.status).toBe(status);
    givenOn.length = 0;
    const behindFront = await answerOf(servers[1], sent);
    // The second one of two with a key is given the first one's answer.
    delete behindFront.headers['idempotency-replayed'];
    delete alone.headers['idempotency-replayed'];
    expect(behindFront).toEqual(alone);
    expect(givenOn).toHaveLength(count);
  });
});

describe('a gateway in front of its app', () => {
  it('gives on what comes in pieces', async () => {
    givenOn.length = 0;
    const body = new Blob([text]).stream();
    const sent: Sent = { path: '/apis/echoes', body, headers: { 'content-type': 'application/json' } };
    expect(await answerOf(servers[1], sent)).toMatchObject({ status: 200 });
    expect(givenOn).toEqual(['POST /api/v1/apis/echoes']);
  });

  it.each([
    ['no credentials', {}],
    ['a bad token', { authorization: 'Bearer nonsense' }],
  ])('refuses %s as the app does, before the body has come', async (_what, headers) => {
    const answers = await Promise.all(
      servers.map(async (server) => {
        const socket = connect(server.port, '127.0.0.1');
        const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        socket.write(`POST /api/v1/apis/echoes HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n${lines.join('')}\r\n`);
        const [answer] = (await once(socket, 'data')) as [Buffer];
        socket.destroy();
        const [head = '', body = ''] = answer.toString().split('\r\n\r\n');
        const { request_id: _id, ...rest } = JSON.parse(body) as Record<string, unknown>;
        const named = head.split('\r\n').filter((line) => !/^(date|x-request-id|content-length)/i.test(line));
        return { rest, named: named.sort() };
      }),
    );
    expect(answers[0]?.named).toContain('HTTP/1.1 401 Unauthorized');
    expect(answers[1]).toEqual(answers[0]);
  });

  it('forgets a request whose sender goes in the middle of its body', async () => {
    const active = async (): Promise<string | undefined> =>
      /^eden_http_requests_active (\d+)$/m.exec(await context.deps.telemetry.metricsText())?.[1];
    const socket = connect(servers[1].port, '127.0.0.1');
    const head = `POST /api/v1/apis/echoes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n`;
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"text"`);
    await eventually(async () => expect(await active()).toBe('1'));
    socket.destroy();
    await eventually(async () => expect(await active()).toBe('0'));
  });
});

describe('a long answer', () => {
  it('counts until it was taken', async () => {
    const long = JSON.stringify({ text: 'x'.repeat(50_000) });
    for (const server of servers) {
      held.length = 0;
      const headers = { 'content-type': 'application/json' };
      expect(await answerOf(server, { path: '/apis/echoes', body: long, headers })).toMatchObject({ status: 200 });
      await eventually(() => expect(held).toHaveLength(2));
      expect(held[0]).toBeGreaterThan(50_000);
      expect(held[0]).toBe(-Number(held[1]));
    }
  });
});
