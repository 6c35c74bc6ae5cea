import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Endpoint, HttpOperation, JsonValue } from '@eden/domain';
import { asUuid, isEdenError } from '@eden/domain';
import { createTargets } from '@eden/targets';
import { createTemplateEngine } from '@eden/templates';
import { send, startHttpService, type HttpServiceUnderTest, type SeenRequest } from '@eden/testkit';
import { randomUUID } from 'node:crypto';
import { isLongForm, report } from './report.js';

/*
 * The well-known classes of injection into requests, from public lists, at every place where a placeholder may stand,
 * against a real server: one request arrives, at the place that the template names, with the value as it went in; or the
 * value is refused.
 */

const PAYLOADS: Readonly<Record<string, readonly string[]>> = {
  traversal: [
    '../../admin',
    '..%2f..%2fadmin',
    '%2e%2e%2fadmin',
    '..%252fadmin',
    '..;/admin',
    '....//admin',
    '..\\admin',
    '%2e%2e',
    '..',
    '.',
    '..%c0%af..%c0%afadmin',
    '/%2e%2e/admin',
    '..%00/admin',
  ],
  authority: [
    '@evil.example/',
    '//evil.example',
    'http://evil.example/',
    'http://169.254.169.254/latest/meta-data/',
    '\\\\evil.example',
    '/\\evil.example',
    ':80/',
    '#@evil.example',
    'evil.example:443',
    'http:evil.example',
  ],
  splitting: [
    '\r\nHost: evil.example',
    '\r\n\r\nGET /admin HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    '\nX-Admin: true',
    '\rX-Admin: true',
    '%0d%0aX-Admin: true',
    '%E5%98%8A%E5%98%8DX-Admin: true',
    '\u560a\u560dX-Admin: true',
    '\u010a\u010dX-Admin: true',
    ' HTTP/1.1\r\nX-Admin: true\r\nX:',
    '\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    '\r\nContent-Length: 0\r\n\r\n',
    '\x0b\x0cX-Admin: true',
    '\u2028X-Admin: true',
    '\u0085X-Admin: true',
  ],
  parameters: [
    '1&admin=true',
    '1;admin=true',
    '1#admin',
    '1?admin=true',
    '1%26admin=true',
    'a=b',
    '1&1=1',
    '+',
    '%20',
    '&&',
    '=;&',
  ],
  json: [
    '","admin":true,"x":"',
    '"}',
    '"},{"admin":true',
    '\\',
    '\\"',
    '\\u0022,\\u0022admin\\u0022:true',
    '{"$ne":null}',
    '"],"admin":[true',
    'true',
    'null',
    '1e999',
    '{"__proto__":{"admin":true}}',
    '/*',
    '<!--',
    '</script>',
  ],
  quoting: ['"; admin="true', '\\"', '",W/"', "'", '`', 'W/"x"', '"x", "y"'],
  templates: ['{{x}}', '{{raw x}}', '}}', '{{{x}}}', '${7*7}', '#{7*7}', '<%= 7*7 %>', '{{#each x}}'],
  bytes: ['\0', 'a\0b', '\ufeff', '\ud800', '\u202e', '𝒳', '\x7f', '\x1b[2J', 'é', '\xa0'],
  long: ['x'.repeat(20_000), '../'.repeat(2_000), '%'.repeat(2_000), '"'.repeat(2_000)],
};

/** Of each class. */
const SHORT_FORM = 4;

interface Placement {
  readonly operation: HttpOperation;
  /** What of the request must be as it is whatever the value. */
  readonly shape: RegExp;
  /** The value as it arrived. */
  arrived(request: SeenRequest): JsonValue | undefined;
}

const parsed = ({ body }: SeenRequest) => JSON.parse(body) as Record<string, JsonValue>;

const PLACEMENTS: Readonly<Record<string, Placement>> = {
  'a segment of the path': {
    operation: { method: 'PUT', path: '/items/{{x}}/tags' },
    shape: /^\/items\/[^/?#]+\/tags$/,
    arrived: ({ path }) => decodeURIComponent(path.split('/')[2] ?? ''),
  },
  'a part of a segment': {
    operation: { method: 'PUT', path: '/items/v-{{x}}.json' },
    shape: /^\/items\/v-[^/?#]+\.json$/,
    arrived: ({ path }) => decodeURIComponent(path.slice('/items/v-'.length, -'.json'.length)),
  },
  'a value of the query': {
    operation: { method: 'PUT', path: '/items?a={{x}}&b=2' },
    shape: /^\/items\?a=[^&#?;]*&b=2$/,
    arrived: ({ path }) => new URL(path, 'http://h').searchParams.get('a') ?? undefined,
  },
  'a name of the query': {
    operation: { method: 'PUT', path: '/items?{{x}}=1' },
    shape: /^\/items\?[^&#?;=]*=1$/,
    arrived: ({ path }) => [...new URL(path, 'http://h').searchParams.keys()][0],
  },
  'a header': {
    operation: { method: 'PUT', path: '/items', headers: { 'X-Value': '<{{x}}>' } },
    shape: /^\/items$/,
    arrived: ({ headers }) => String(headers['x-value']).slice(1, -1),
  },
  'the quotes of a header': {
    operation: { method: 'PUT', path: '/items', headers: { 'X-Value': '"{{x}}"' } },
    shape: /^\/items$/,
    arrived: ({ headers }) => String(headers['x-value']).slice(1, -1).replace(/\\(.)/g, '$1'),
  },
  'a value of the body': {
    operation: { method: 'PUT', path: '/items', body: { v: '{{x}}', admin: false } },
    shape: /^\/items$/,
    arrived: (request) => (parsed(request)['admin'] === false ? parsed(request)['v'] : undefined),
  },
  'the text of a body': {
    operation: { method: 'PUT', path: '/items', body: '{"v": {{x}}, "admin": false}' },
    shape: /^\/items$/,
    arrived: (request) => (parsed(request)['admin'] === false ? parsed(request)['v'] : undefined),
  },
  'inside a text of the body': {
    operation: { method: 'PUT', path: '/items', body: '{"v": "{{x}}", "admin": false}' },
    shape: /^\/items$/,
    arrived: (request) => (parsed(request)['admin'] === false ? parsed(request)['v'] : undefined),
  },
};

const KNOWN_HEADERS = new Set([
  ...['accept', 'accept-encoding', 'connection', 'content-length', 'content-type', 'host', 'idempotency-key'],
  ...['transfer-encoding', 'user-agent', 'x-value'],
]);

let service: HttpServiceUnderTest;
const adapter = createTargets({
  httpHosts: ['127.0.0.1'],
  reach: {
    allowedNetworks: [],
    allowLoopback: true,
    allowControlServer: false,
    ownServers: [],
    controlServer: {
      identify: () => Promise.resolve({ systemIdentifier: null, databaseOid: 0 }),
      findAdvisoryLock: () => Promise.resolve(null),
    },
  },
}).adapter('Http');

beforeAll(async () => {
  service = await startHttpService();
});

beforeEach(() => service.reset());

/** What arrived, or the code of the refusal. */
async function tell({ operation }: Placement, x: string): Promise<readonly SeenRequest[] | string> {
  const definition = { endpointKind: 'Http', kind: 'Write', body: operation, settings: {} } as const;
  const [uuid, organizationUuid] = [asUuid(randomUUID()), asUuid(randomUUID())];
  const config = adapter.parseConfig({ base_url: service.url });
  const now = new Date();
  const endpoint: Endpoint = {
    ...{ uuid, organizationUuid, id: 'prey', kind: 'Http', description: null, config, version: 1, database: null },
    ...{ createdAt: now, updatedAt: now },
  };
  const options = { readOnly: false, gate: null, lockTimeoutMs: 0, statementTimeoutMs: 10_000, idleTimeoutMs: 0 };
  const session = await adapter.openExecution(endpoint, options);
  const before = service.requests.length;
  try {
    const [bound] = createTemplateEngine().compile(definition).bind({ x }).operations;
    if (bound !== undefined) await session.run(bound.render());
    return service.requests.slice(before);
  } catch (error) {
    if (isEdenError(error)) return error.code;
    throw error;
  } finally {
    await session.abandon();
  }
}

/** A server takes no head of any length. */
const LONG_HEAD = 5_000;

function isRefused(code: string, x: string): boolean {
  return code === 'TEMPLATE_NOT_RENDERED' || (code === 'TEMPLATE_EXECUTION_FAILED' && x.length > LONG_HEAD);
}

function isThrough({ shape, arrived }: Placement, x: string, got: readonly SeenRequest[] | string): boolean {
  if (typeof got === 'string') return !isRefused(got, x);
  const [request, ...others] = got;
  if (request === undefined || others.length > 0) return true;
  const strange = Object.keys(request.headers).filter((name) => !KNOWN_HEADERS.has(name));
  const isWhole = request.method === 'PUT' && request.headers.host === `127.0.0.1:${service.port}`;
  return !isWhole || strange.length > 0 || !shape.test(request.path) || arrived(request) !== x;
}

describe('a payload', () => {
  it.each(Object.entries(PLACEMENTS))('is only a value as %s', async (place, placement) => {
    service.interfere((_request, response) => send(response, { status: 200 }));
    const through: string[] = [];
    let arrived = 0;
    for (const [suite, values] of Object.entries(PAYLOADS)) {
      for (const value of isLongForm ? values : values.slice(0, SHORT_FORM)) {
        const got = await tell(placement, value);
        const gotThrough = isThrough(placement, value, got);
        arrived += typeof got === 'string' ? 0 : 1;
        const outcome = typeof got === 'string' ? got : `${got[0]?.path.slice(0, 40) ?? 'nothing'}`;
        if (gotThrough) through.push(`${JSON.stringify(value.slice(0, 60))} → ${outcome}`);
        report({
          suite: `request: ${place}`,
          name: `${suite}: ${JSON.stringify(value.slice(0, 40))}`,
          outcome: outcome.slice(0, 40),
          gotThrough,
        });
      }
    }
    expect(through).toEqual([]);
    expect(arrived).toBeGreaterThan(0);
  });
});
