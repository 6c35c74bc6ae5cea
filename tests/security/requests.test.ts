import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startCluster, type ApiClient, type Cluster } from '@eden/testkit';
import fc from 'fast-check';
import { isLongForm, report } from './report.js';

/*
 * Hostile requests at every route of the OpenAPI document, against a gateway as it runs in production: never a 5xx but
 * 503, never a word about what is inside, and the gateway goes on.
 */

const DOCUMENT = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'openapi.json'), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

interface Operation {
  readonly requestBody?: object;
}

interface Route {
  readonly method: string;
  readonly path: string;
  readonly hasBody: boolean;
}

const ROUTES: readonly Route[] = Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { requestBody }]) => ({ method, path, hasBody: requestBody !== undefined })),
);

/** Every key that a body may have somewhere: random bodies with these get further than others. */
const KEYS = [
  ...new Set(
    [
      ...readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'openapi.json'), 'utf8').matchAll(/"(\w+)": \{/g),
    ].map(([, key]) => key ?? ''),
  ),
];

/** Stacks, statements, connection strings, and the names of what the service is made of. */
const LEAKS =
  /\bat \S+ \(|\.[jt]s:\d+|node_modules|postgres(?:ql)?:\/\/|rediss?:\/\/|\bprisma\b|\bECONN|\bINSERT INTO\b|\bSELECT\b[^"]*\bFROM\b|invalid input syntax|password_hash|sqlstate/i;

const PATH_TRICKS = [
  '..',
  '.',
  '%2e%2e',
  '..%2f..%2fiam%2fusers',
  '%2f',
  '%5c..',
  '%00',
  '%0d%0aX-Injected:%201',
  '%ff',
  '%25252e',
  '*',
  '',
  ' ',
  "'",
  '"',
  '%27%20OR%201=1',
  '__proto__',
  'constructor',
  '{{x}}',
  'a'.repeat(129),
  'a'.repeat(4_000),
  '%F0%9D%92%B3',
  '-1',
  '0',
  'null',
  '00000000-0000-0000-0000-000000000000',
  '550E8400-E29B-41D4-A716-446655440000',
];

const hostileText = fc.oneof(
  fc.constantFrom(
    ...PATH_TRICKS,
    '\u0000',
    '\ud800',
    '\u202e',
    '${7*7}',
    '$(id)',
    '`id`',
    '../../etc/passwd',
    'javascript:alert(1)',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const key = fc.oneof(
  fc.constantFrom(...KEYS),
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', ''),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    hostileText,
    fc.constantFrom(null, true, 0, -1, 1e308, Number.MAX_SAFE_INTEGER, 0.1, '', [], {}),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));
const parameter = fc.oneof(
  fc.constantFrom(...PATH_TRICKS),
  hostileText.map((text) => encodeURIComponent(Buffer.from(text).toString())),
);
const query = fc.array(
  fc.tuple(
    fc.constantFrom('limit', 'cursor', 'since', 'until', 'format', 'known', 'after', 'managed', 'x[y]', '__proto__'),
    parameter,
  ),
  { maxLength: 3 },
);
const headers = fc.dictionary(
  fc.constantFrom(
    'x-request-id',
    'x-org-id',
    'prefer',
    'idempotency-key',
    'x-eden-verbose',
    'x-eden-csrf',
    'last-event-id',
    'cookie',
    'accept',
    'content-type',
    'content-encoding',
    'x-forwarded-for',
    'if-match',
    'range',
  ),
  fc.string({ unit: fc.constantFrom(...'abc019 ;,=-_/.\'"{}%*'), maxLength: 60 }),
  { maxKeys: 3 },
);

let cluster: Cluster;
let root: ApiClient;

beforeAll(async () => {
  cluster = await startCluster({ workers: 0, env: { RATE_LIMIT_PER_MINUTE: '0', MIGRATE_WAIT_MS: '1' } });
  root = (await cluster.createOrganization()).client;
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function send(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${root.gatewayUrl}${path}`, {
    ...init,
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  });
  // A stream of events has no end of its own.
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isStream) await response.body?.cancel();
  return { status: response.status, text: isStream ? '' : await response.text() };
}

function isRefused({ status, text }: Answer): boolean {
  return (status < 500 || status === 503) && !LEAKS.test(text);
}

/** Ends no session of ours. */
function authorization({ path }: Route): Record<string, string> {
  return path.endsWith('/auth/logout') ? {} : { authorization: `Bearer ${root.token}` };
}

async function expectAlive(): Promise<void> {
  expect((await root.get('/migrations')).status).toBe(200);
}

describe('every route', () => {
  it.each(ROUTES.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    '%s',
    async (name, route) => {
      const attempts = fc.sample(
        fc.record({ parameters: fc.array(parameter, { minLength: 3, maxLength: 3 }), query, headers, json }),
        {
          numRuns: isLongForm ? 300 : 8,
          seed: 7,
        },
      );
      const through: string[] = [];
      for (const { parameters, query: pairs, headers: given, json: body } of attempts) {
        const values = [...parameters];
        const path = route.path.replaceAll(/\{\w+\}/g, () => values.pop() ?? '');
        const search = pairs.map((pair) => pair.join('=')).join('&');
        const sent = { 'content-type': 'application/json', ...given, ...authorization(route) };
        const init = {
          method: route.method.toUpperCase(),
          headers: sent,
          ...(route.hasBody ? { body: JSON.stringify(body) } : {}),
        };
        const answer = await send(`${path}?${search}`, init);
        const gotThrough = !isRefused(answer);
        if (gotThrough)
          through.push(`${path}?${search} ${JSON.stringify(init)} → ${answer.status} ${answer.text}`.slice(0, 2_000));
        report({
          suite: 'random requests',
          name: `${name}: ${answer.status}`,
          outcome: String(answer.status),
          gotThrough,
        });
      }
      expect(through).toEqual([]);
    },
  );

  it('refuses what is too deep, too large or no document, and takes what is just not', async () => {
    const deep = `{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;
    const tooLarge = JSON.stringify({ description: 'x'.repeat(1_048_577 - 18) });
    const bodies: readonly (readonly [string, string, number])[] = [
      ['10 000 levels', deep, 400],
      ['1 MiB and a byte', tooLarge, 413],
      ['1 MiB', tooLarge.slice(1), 400],
      ['no JSON', '{"x":', 400],
      ['prototype keys', '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}', 400],
      ['a number beyond all', '{"x":1e999}', 400],
      ['the same key twice', '{"id":1,"id":2}', 400],
    ];
    const routes = ROUTES.filter(({ hasBody, path }) => hasBody && !path.includes('/auth/') && !path.endsWith('/new'));
    const through: string[] = [];
    for (const route of routes) {
      const path = route.path.replaceAll(/\{\w+\}/g, 'none');
      for (const [what, body, expected] of bodies) {
        const answer = await send(path, {
          method: route.method.toUpperCase(),
          headers: { 'content-type': 'application/json', ...authorization(route) },
          body,
        });
        // What is not there is not there, whatever comes with it; a deploy hook looks at the signature first.
        const statuses = [expected, 400, 404, 422, ...(path.includes('/v1/hooks/') ? [401] : [])];
        const gotThrough = !(isRefused(answer) && statuses.includes(answer.status));
        if (gotThrough) through.push(`${route.method} ${path}, ${what}: ${answer.status}`);
        report({
          suite: 'bodies',
          name: `${what}: ${route.method} ${path}`,
          outcome: String(answer.status),
          gotThrough,
        });
      }
    }
    expect(through).toEqual([]);
    expect(({} as { isAdmin?: unknown }).isAdmin).toBeUndefined();
    await expectAlive();
  });
});

describe('what is hardly a request', () => {
  /**
   * Sends bytes, and answers the status line that comes back; empty when the connection was closed without one. A server
   * that closes before it has read everything resets the connection, and the reset may overtake its answer.
   */
  async function raw(text: string): Promise<string> {
    const { hostname, port } = new URL(root.gatewayUrl);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.end(text, 'latin1');
    await new Promise((resolve) => socket.once('close', resolve));
    return answer.split('\r\n')[0] ?? '';
  }

  const HEAD = 'GET /api/v1/migrations HTTP/1.1\r\nHost: x\r\n';
  const POST = 'POST /api/v1/migrations HTTP/1.1\r\nHost: x\r\n';
  const REQUESTS: readonly (readonly [string, string, RegExp])[] = [
    ['headers of 32 KiB', `${HEAD}X-Large: ${'x'.repeat(32_768)}\r\n\r\n`, / 431 |^$/],
    ['3 000 headers', `${HEAD}${'A: b\r\n'.repeat(3_000)}\r\n`, / (401|431) |^$/],
    ['a path of 64 KiB', `GET /api/v1/${'a'.repeat(65_536)} HTTP/1.1\r\nHost: x\r\n\r\n`, / (414|431) |^$/],
    ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, / 400 /],
    ['a length and chunks', `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, / 400 /],
    ['a chunk without a size', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, / (400|401) /],
    ['a line break in a header', `${HEAD}X-A: b\nX-C: d\r\r\n\r\n`, / 400 /],
    ['a NUL in the path', 'GET /api/v1/\0 HTTP/1.1\r\nHost: x\r\n\r\n', / 400 /],
    ['no host', 'GET /api/v1/migrations HTTP/1.1\r\n\r\n', / 400 /],
    [
      'a host that is none',
      'GET /api/v1/auth/oidc/start HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
      / (400|404) /,
    ],
    ['another method', 'TRACE /api/v1/migrations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', / (401|404|405) /],
    ['another protocol', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03', / 400 |^$/],
    [
      'an absolute address',
      `GET http://169.254.169.254/latest HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      / 404 /,
    ],
  ];

  it.each(REQUESTS)('is answered and forgotten: %s', async (name, text, expected) => {
    const line = await raw(text);
    const gotThrough = !expected.test(line);
    report({ suite: 'raw requests', name: `${name}: ${line}`, outcome: line, gotThrough });
    expect(line).toMatch(expected);
    await expectAlive();
  });

  it('keeps nobody else waiting, however many bodies never end', async () => {
    const { hostname, port } = new URL(root.gatewayUrl);
    const slow = Array.from({ length: isLongForm ? 1_000 : 100 }, () => connect(Number(port), hostname));
    await Promise.all(slow.map((socket) => once(socket, 'connect')));
    for (const socket of slow) {
      socket.on('error', () => undefined);
      socket.write(
        `${POST}Authorization: Bearer ${root.token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"id":"`,
      );
    }
    await expectAlive();
    expect((await root.post('/migrations', { id: 'in-between' })).status).toBe(200);
    report({ suite: 'raw requests', name: 'slow bodies: others are served', outcome: 'served', gotThrough: false });
    for (const socket of slow) socket.destroy();
  });
});
