import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  NothingDone,
  type Endpoint,
  type ExecutionSession,
  type JsonObject,
  type OutsideWork,
  type StatementLimits,
  type TargetAdapter,
} from '@eden/domain';
import { send, startHttpService, type HttpServiceUnderTest, type Interference } from '@eden/testkit';
import type { TargetsOptions } from '../index.js';
import { endpointAt, newUuid, REACH, rejection, sql } from '../testing/fixtures.js';
import { httpAdapter } from '../testing/http-target.js';

const SECRET = 'Bearer s3cr3t-t0ken';
const POST = sql('POST /items\n\n{"id":1}');
const GET = sql('GET /items');

let service: HttpServiceUnderTest;
/** No pause between tries is worth waiting for. */
const adapter = httpAdapter({ http: { firstPauseMs: 1 } });
const sessions: ExecutionSession[] = [];
const tcp: { close(): void }[] = [];

beforeAll(async () => {
  service = await startHttpService();
});

beforeEach(() => service.reset());

afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.abandon()));
  for (const server of tcp.splice(0)) server.close();
});

function endpoint(config: JsonObject = {}, by: TargetAdapter = adapter): Endpoint {
  const parsed = by.parseConfig({ base_url: service.url, headers: { Authorization: SECRET }, ...config });
  return endpointAt('', { kind: 'Http', id: 'shop', config: parsed });
}

async function ask(
  statement = GET,
  {
    by = adapter,
    at = endpoint(),
    limits = {},
    options = {},
  }: {
    readonly by?: TargetAdapter;
    readonly at?: Endpoint;
    readonly limits?: StatementLimits;
    readonly options?: object;
  } = {},
) {
  const bounds = { readOnly: false, gate: null, lockTimeoutMs: 0, statementTimeoutMs: 20_000, idleTimeoutMs: 0 };
  const session = await by.openExecution(at, { ...bounds, ...options });
  sessions.push(session);
  await session.enter();
  return session.run(statement, limits);
}

const failure = async (work: Promise<unknown>) => (await rejection(work)) as NothingDone;

/** A server that says what it is told, whatever it is asked. */
async function saying(answer: string | ((socket: Socket) => void)): Promise<string> {
  const open = new Set<Socket>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', () => (typeof answer === 'string' ? socket.end(answer) : answer(socket)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  tcp.push({
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): Interference =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);

describe('a request', () => {
  it('is sent as it is written, with the headers of the endpoint, under a key of its own', async () => {
    const at = endpoint({ base_url: `${service.url}/v1/`, headers: { authorization: SECRET, 'X-Team': 'a' } });
    await failure(ask(sql('DELETE /items/a%2Fb?x=%20\nX-Team: b\nX-Other: c'), { at }));
    await ask(POST);
    await ask(GET);
    const [first, second, third] = service.requests;
    expect(first).toMatchObject({
      method: 'DELETE',
      path: '/v1/items/a%2Fb?x=%20',
      headers: { authorization: SECRET, 'x-team': 'b', 'x-other': 'c', host: `127.0.0.1:${service.port}` },
    });
    expect(second).toMatchObject({ body: '{"id":1}', headers: { 'content-type': 'application/json' } });
    const keys = service.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[\da-f-]{36}\.[\da-f-]{36}\.0$/);
    expect(keys[1]).not.toBe(keys[0]);
    expect(third?.headers).not.toHaveProperty('idempotency-key');
  });

  it('has the key that it had when its execution is tried again', async () => {
    const [at, execution] = [endpoint(), newUuid()];
    await ask(POST, { at, options: { execution } });
    await ask(POST, { at, options: { execution } });
    expect(service.requests.map(({ headers }) => headers['idempotency-key'])).toEqual(
      Array.from({ length: 2 }, () => `${execution}.${at.uuid}.0`),
    );
    expect(service.items()).toEqual([1]);
  });

  it('answers a row of status and body: JSON, text, nothing', async () => {
    expect(await ask(POST)).toEqual({ rows: [{ status: 201, body: { id: 1, made: true } }], rowCount: 1 });
    service.interfere(answering(200, { 'Content-Type': 'text/plain' }, '{"a":1}'));
    expect((await ask()).rows).toEqual([{ status: 200, body: '{"a":1}' }]);
    service.interfere(answering(204));
    expect((await ask()).rows).toEqual([{ status: 204, body: null }]);
    service.interfere(answering(200, { 'Content-Type': 'application/problem+json' }, '{"__proto__":{"x":1}'));
    expect((await ask()).rows).toEqual([{ status: 200, body: '{"__proto__":{"x":1}' }]);
    service.interfere(answering(200, { 'Content-Encoding': 'gzip' }, 'not unpacked'));
    expect((await ask()).rows).toEqual([{ status: 200, body: null }]);
  });

  it('of a Read changes nothing', async () => {
    expect(await failure(ask(POST, { options: { readOnly: true } }))).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
    });
    expect(service.requests).toEqual([]);
  });
});

describe('a service that refuses', () => {
  it.each([400, 401, 404, 409, 422])('with %d has done nothing, and says why', async (status) => {
    service.interfere(answering(status, {}, 'the name is taken'));
    const error = await failure(ask(POST));
    expect(error).toBeInstanceOf(NothingDone);
    expect(error).toMatchObject({
      code: 'TEMPLATE_EXECUTION_FAILED',
      retryable: false,
      context: { endpoint_id: 'shop', status, answer: 'the name is taken' },
    });
    expect(service.requests).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308, 408, 500, 501])(
    'with %d may have done it, and is not asked again',
    async (status) => {
      service.interfere(answering(status, { Location: `${service.url}/elsewhere` }));
      const error = await failure(ask(POST));
      expect(error).not.toBeInstanceOf(NothingDone);
      expect(error).toMatchObject({ code: 'TEMPLATE_EXECUTION_FAILED', context: { status } });
      expect(service.requests.map(({ path }) => path)).toEqual(['/items']);
    },
  );

  it('and says our secrets back to us gives none of them away', async () => {
    const basic = Buffer.from('admin:pa$$w0rd').toString('base64');
    const at = endpoint({ headers: { Authorization: SECRET, 'X-Basic': `Basic ${basic}` } });
    const said = `${JSON.stringify({ SECRET, basic, decoded: 'admin:pa$$w0rd' })} ${' '.repeat(65_000)}${SECRET}`;
    service.interfere(answering(403, {}, said + said));
    const { context } = await failure(ask(POST, { at }));
    const text = JSON.stringify(context);
    for (const secret of ['s3cr3t-t0ken', basic, 'pa$$w0rd', 'admin']) expect(text).not.toContain(secret);
    expect(text).toContain('***');
    expect(text.length).toBeLessThan(1000);
  });
});

describe('a service that has no time', () => {
  it.each([429, 502, 503, 504])('and answers %d is asked again, under the same key', async (status) => {
    service.interfereNext(2, answering(status));
    expect((await ask(POST)).rows).toMatchObject([{ status: 201 }]);
    expect(new Set(service.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(service.requests).toHaveLength(3);
  });

  it.each([
    ['seconds', () => '1', 950],
    ['a date', () => new Date(Date.now() + 2500).toUTCString(), 950],
  ])('is given the time that it asks for in %s', async (_form, header, atLeastMs) => {
    service.interfereNext(1, answering(503, { 'Retry-After': header() }));
    const since = performance.now();
    await ask(POST);
    expect(performance.now() - since).toBeGreaterThanOrEqual(atLeastMs);
  });

  it('and asks for more than there is, is away', async () => {
    service.interfere(answering(429, { 'Retry-After': '3600' }));
    const error = await failure(ask(POST));
    expect(error).toBeInstanceOf(NothingDone);
    expect(error).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
      retryable: true,
      context: { retry_after_ms: 3_600_000 },
    });
    expect(service.requests).toHaveLength(1);
  });

  it('is asked as often as the template says, and then may have done it', async () => {
    service.interfere(answering(504));
    const error = await failure(ask(POST, { limits: { retries: 1 } }));
    expect(error).not.toBeInstanceOf(NothingDone);
    expect(error).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE', context: { status: 504 } });
    expect(service.requests).toHaveLength(2);
  });

  it('and refuses after it did not know, may have done it', async () => {
    service.interfereNext(1, (_request, response, go) => {
      go();
      answering(502)(_request, response, go);
    });
    const at = endpoint();
    expect((await ask(POST, { at })).rows).toMatchObject([{ status: 201 }]);
    service.interfereNext(1, answering(502));
    // Of another key than the first one.
    const error = await failure(ask(POST, { at }));
    expect(error).not.toBeInstanceOf(NothingDone);
    expect(error).toMatchObject({ context: { status: 409 } });
  });
});

describe('a service that is broken', () => {
  it.each<[string, string | ((socket: Socket) => void)]>([
    ['closes at once', ''],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.0\r\n'],
    ['breaks off in its answer', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'],
    ['has a head without an end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`],
    ['switches protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'],
    ['splits its answer', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['resets', (socket) => socket.resetAndDestroy()],
  ])('and %s: nobody knows what it has done', async (_what, answer) => {
    const error = await failure(ask(POST, { at: endpoint({ base_url: await saying(answer) }) }));
    expect(error).not.toBeInstanceOf(NothingDone);
    expect(error).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE', retryable: true, context: { endpoint_id: 'shop' } });
  });

  it.each<[string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    [
      'says it letter by letter',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nX: ');
        setInterval(() => socket.write('x'), 20).unref();
      },
    ],
    [
      'informs for ever',
      (socket) => void setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5).unref(),
    ],
  ])('and %s: it is waited for no longer than its endpoint says', async (_what, answer) => {
    const at = endpoint({ base_url: await saying(answer), timeout_ms: 300 });
    expect(await failure(ask(POST, { at }))).toMatchObject({
      code: 'ENDPOINT_UNAVAILABLE',
      context: { details: 'no answer within 300 ms' },
    });
  });

  it('ends the try that is under way with its session', async () => {
    const arrived = new Promise<void>((tell) => service.interfere(() => tell()));
    const session = await adapter.openExecution(endpoint(), {
      ...{ readOnly: false, gate: null, lockTimeoutMs: 0, statementTimeoutMs: 60_000, idleTimeoutMs: 0 },
    });
    const running = failure(session.run(POST));
    await arrived;
    await session.abandon();
    expect(await running).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
  });

  /** As fast as it can, for as long as somebody reads. */
  const endless: Interference = (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': String(10 * 1024 ** 3) });
    const piece = Buffer.alloc(65_536, 'x');
    const more = () => void (response.destroyed || response.write(piece, more));
    more();
  };

  it('and answers 10 GB is read as far as MAX_RESULT_BYTES, or not at all', async () => {
    service.interfere(endless);
    const by = httpAdapter({ results: { maxBytes: 200_000, maxRows: 1 } });
    expect(await failure(ask(GET, { by }))).toMatchObject({
      code: 'RESULT_TOO_LARGE',
      context: { limit: 'MAX_RESULT_BYTES', max: 200_000 },
    });
    expect((await ask(GET, { by, limits: { rows: 'discard' } })).rows).toMatchObject([{ status: 200 }]);
  });

  it('and nests its answer for ever is not followed', async () => {
    service.interfere(answering(200, { 'Content-Type': 'application/json' }, '['.repeat(5000)));
    expect(await failure(ask())).toMatchObject({ code: 'RESULT_TOO_LARGE', context: { limit: 'MAX_JSON_DEPTH' } });
  });

  it('takes no more memory than all answers together may', async () => {
    const by = httpAdapter({ results: { maxBytes: 1000, maxRows: 1 } });
    service.interfere(answering(200, {}, 'x'.repeat(900)));
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => ask(GET, { by })));
    const refused = all.filter(({ status }) => status === 'rejected');
    // Sixteen of the greatest are the budget of a process.
    expect(refused.length).toBe(3);
    await Promise.all(sessions.splice(0).map((session) => session.abandon()));
    expect((await ask(GET, { by })).rowCount).toBe(1);
  });
});

describe('an endpoint of the kind Http', () => {
  const reach = (change: Partial<TargetsOptions['reach']>) => ({ ...REACH, ...change });

  it('leads to allowed hosts only, whenever it was made', async () => {
    const by = httpAdapter({ httpHosts: ['api.example.com'] });
    const refusal = { code: 'ENDPOINT_NOT_ALLOWED', context: { reason: 'host', setting: 'HTTP_ALLOWED_HOSTS' } };
    expect(await failure(Promise.resolve().then(() => endpoint({}, by)))).toMatchObject(refusal);
    expect(await failure(ask(POST, { by }))).toMatchObject(refusal);
    expect(await failure(by.inspect(endpoint()))).toMatchObject(refusal);
    expect(() => httpAdapter({ httpHosts: [] }).parseConfig({ base_url: service.url })).toThrow('not allowed');
    expect(service.requests).toEqual([]);
  });

  it.each(['127.0.0.1', '169.254.169.254', '100.100.100.200', '10.0.0.1', '0.0.0.0', '::1', 'fe80::1'])(
    'with a name that leads to %s is not asked',
    async (address) => {
      const resolve = () => Promise.resolve([{ address, family: address.includes(':') ? 6 : 4 }]);
      const by = httpAdapter({
        httpHosts: ['shop.test'],
        reach: reach({ resolve, allowLoopback: false, allowedNetworks: ['203.0.113.0/24'] }),
      });
      const at = endpoint({ base_url: `http://shop.test:${service.port}` }, by);
      expect(await failure(ask(POST, { by, at }))).toMatchObject({ code: 'ENDPOINT_NOT_ALLOWED' });
      expect(await failure(ask(POST, { by, at }))).toBeInstanceOf(NothingDone);
      expect(service.requests).toEqual([]);
    },
  );

  it('goes to the address that was checked, whatever the name says a moment later', async () => {
    const addresses = ['127.0.0.1', '169.254.169.254'];
    const asked: string[] = [];
    const resolve = (host: string) => {
      asked.push(host);
      return Promise.resolve([{ address: addresses[Math.min(asked.length, 2) - 1] ?? '', family: 4 }]);
    };
    const by = httpAdapter({ httpHosts: ['shop.test'], reach: reach({ resolve }) });
    const at = endpoint({ base_url: `http://shop.test:${service.port}` }, by);
    expect((await ask(POST, { by, at })).rows).toMatchObject([{ status: 201 }]);
    expect(await failure(ask(POST, { by, at }))).toMatchObject({ context: { reason: 'link_local' } });
    expect(asked).toEqual(['shop.test', 'shop.test']);
    expect(service.requests).toHaveLength(1);
  });

  it('leads to no server of this service', async () => {
    const ownServers = [{ name: 'Redis', host: '127.0.0.1', port: service.port }] as const;
    const by = httpAdapter({ reach: reach({ ownServers }) });
    expect(await failure(ask(POST, { by }))).toMatchObject({ context: { reason: 'own_server' } });
  });

  it('is not reached without TLS where TLS is wanted', async () => {
    const at = endpoint({ base_url: `https://127.0.0.1:${service.port}` });
    expect(await failure(ask(POST, { at }))).toBeInstanceOf(NothingDone);
  });

  it.each<[string, JsonObject, string]>([
    ['no base_url', { base_url: null }, 'config.base_url'],
    ['another scheme', { base_url: 'file:///etc/passwd' }, 'config.base_url'],
    ['a password in its base_url', { base_url: 'http://u:pa55word@127.0.0.1' }, 'config.base_url'],
    ['a query in its base_url', { base_url: 'http://127.0.0.1/?a=b' }, 'config.base_url'],
    ['a header of two lines', { headers: { a: 'pa55word\r\nHost: x' } }, 'config.headers.a'],
    ['a header that is ours', { headers: { 'idempotency-key': 'pa55word' } }, 'config.headers.idempotency-key'],
    ['a header twice', { headers: { a: 'x', A: 'pa55word' } }, 'config.headers.A'],
    ['no time', { timeout_ms: 0 }, 'config.timeout_ms'],
    ['what is not known', { url: 'pa55word' }, 'config.url'],
  ])('is refused with %s, without its secret', async (_what, change, path) => {
    const { context } = await failure(Promise.resolve().then(() => endpoint(change)));
    expect(context).toMatchObject({ issues: [{ path }] });
    expect(JSON.stringify(context)).not.toContain('pa55word');
  });

  it('is described without the values of its headers', () => {
    expect(adapter.describeConfig(endpoint().config)).toEqual({
      base_url: service.url,
      headers: { Authorization: null },
      timeout_ms: 10_000,
    });
  });

  it('is found out about without a request', async () => {
    expect(await adapter.inspect(endpoint())).toMatchObject({ class: 'compensable', serverVersion: 'HTTP/1.1' });
    expect(service.requests).toEqual([]);
  });
});

describe('a request as a step outside the transaction', () => {
  const UNDO = sql('DELETE /items/1');
  const spec = { runUuid: newUuid(), migrationUuid: newUuid(), apiUuid: newUuid(), epoch: 1, number: 3 };
  const key = `${spec.runUuid}.${spec.apiUuid}.3`;

  async function step(change: Partial<OutsideWork> = {}) {
    const work = { statements: [POST], undo: [UNDO], record: [], unrecord: [], ...change };
    return adapter.openOutside(endpoint(), { ...spec, work, onBlocked: () => undefined });
  }

  const keys = () => service.requests.map(({ method, headers }) => [method, headers['idempotency-key']]);

  it('is done once, however often it is carried out, and taken back under another key', async () => {
    for (let time = 0; time < 2; time += 1) await (await step()).carryOut();
    expect(service.items()).toEqual([1]);
    await (await step()).compensate();
    expect(service.items()).toEqual([]);
    expect(keys()).toEqual([
      ['POST', key],
      ['POST', key],
      ['DELETE', `${key}.undo`],
    ]);
  });

  it('whose answer was lost is done once', async () => {
    service.interfereNext(1, (_request, response, go) => {
      go();
      response.destroy();
    });
    expect(await failure(Promise.resolve((await step()).carryOut()))).toMatchObject({ code: 'ENDPOINT_UNAVAILABLE' });
    await (await step()).carryOut();
    expect(service.items()).toEqual([1]);
  });

  it('gives its answer where somebody looks at it', async () => {
    const outputs = { id: 'body.id' };
    expect(await (await step({ outputs })).carryOut()).toMatchObject({ rows: [{ status: 201, body: { id: 1 } }] });
  });

  it('that was never done is taken back all the same', async () => {
    await (await step()).compensate();
    expect(keys()).toEqual([['DELETE', `${key}.undo`]]);
    await (await step({ undo: null })).compensate();
    expect(service.requests).toHaveLength(1);
  });

  it('cannot be taken back by what the service refuses', async () => {
    service.interfere(answering(404));
    const undo = [sql('POST /undo\n\n{}')];
    expect(await failure((await step({ undo })).compensate())).toMatchObject({ context: { status: 404 } });
  });
});
