import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AddressInfo } from 'node:net';
import { connect } from './connection.js';
import { answerOf, ApiError, UnreachableError } from './errors.js';
import { withFiles } from './multipart.js';
import { runEvents } from './run-events.js';
import { waitForRun } from './wait-for-run.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];

/** A gateway that answers what a test says, one handler a request; the last one stays. */
async function gateway(...handlers: Handler[]): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    const handler = handlers[Math.min(requests.length, handlers.length) - 1];
    request.resume();
    handler?.(request, response);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Handler {
  return (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const away = answer(
  503,
  { error: 'Service unavailable', code: 'SERVICE_UNAVAILABLE', request_id: 'r' },
  { 'Retry-After': '0' },
);
const created = answer(200, { status: 'success', message: 'Migration created' });
const cut: Handler = (request) => request.socket.destroy();

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** What nobody holds is gone afterwards. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let times = 0; times < 5; times += 1) {
    collect();
    await setImmediate();
  }
}

describe('a connection', () => {
  it.each(['a signal of the request', 'the signal of the connection'])('ends a request by %s', async (whose) => {
    let heard = (): void => undefined;
    const isHeard = new Promise<void>((resolve) => (heard = resolve));
    const { url } = await gateway(() => heard());
    const [own, all] = [new AbortController(), new AbortController()];
    const connection = connect({ url, signal: all.signal, token: () => 'token' });
    const asked = connection.GET('/api/v1/migrations', { signal: own.signal });
    await isHeard;
    await collectGarbage();
    (whose === 'a signal of the request' ? own : all).abort(new Error('over'));
    await expect(asked).rejects.toThrow('over');
  });

  it('ends an answer that has begun, also for whoever has its body alone', async () => {
    const { url } = await gateway((_, response) => response.writeHead(200).write('{'));
    const ending = new AbortController();
    const bodyOf = async (): Promise<ReadableStream | null | undefined> =>
      (await connect({ url }).GET('/api/v1/migrations', { signal: ending.signal, parseAs: 'stream' })).data;
    const reader = (await bodyOf())?.getReader();
    await collectGarbage();
    ending.abort(new Error('over'));
    await expect(reader?.read().then(() => reader.read())).rejects.toThrow('over');
  });

  it('sends a POST again while the service is away or the answer is lost, with one Idempotency-Key', async () => {
    const { url, requests } = await gateway(away, cut, answer(502, 'bad gateway'), created);
    await answerOf(connect({ url }).POST('/api/v1/migrations', { body: { id: 'shop' } }));
    const keys = requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  });

  it('does not send a POST that has no key again when its answer was lost: it may be done', async () => {
    const { url, requests } = await gateway(cut, created);
    const body = { username: 'ann', password: 'not-a-real-password' };
    await expect(connect({ url }).POST('/api/v1/iam/users', { body })).rejects.toBeInstanceOf(UnreachableError);
    expect(requests).toHaveLength(1);
    expect(requests[0]?.headers['idempotency-key']).toBeUndefined();
  });

  it('does not send it again either when the service was away in the middle of it, but a login', async () => {
    const { url, requests } = await gateway(away, away, created);
    const body = { username: 'ann', password: 'not-a-real-password' };
    await expect(connect({ url }).POST('/api/v1/iam/users', { body })).rejects.toMatchObject({ status: 503 });
    await answerOf(connect({ url }).POST('/api/v1/auth/login', { body: { id: 'shop' } }));
    expect(requests.map(({ url: path }) => path)).toEqual([
      '/api/v1/iam/users',
      '/api/v1/auth/login',
      '/api/v1/auth/login',
    ]);
  });

  it('asks on while an attempt whose answer was lost is at work, and takes a refusal of its first one as it is', async () => {
    const inUse = answer(409, { error: 'In use', code: 'IDEMPOTENCY_KEY_IN_USE' });
    const lost = await gateway(cut, inUse, inUse, created);
    await answerOf(connect({ url: lost.url, attempts: 2 }).POST('/api/v1/migrations', { body: { id: 'shop' } }));
    expect(new Set(lost.requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    const { url, requests } = await gateway(inUse);
    const refused = connect({ url }).POST('/api/v1/migrations', { body: { id: 'shop' } });
    await expect(refused).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_IN_USE' });
    expect(requests).toHaveLength(1);
  });

  it('takes a 404 for done when an earlier attempt to delete had no answer, and only then', async () => {
    const gone = answer(404, { error: 'Migration not found', code: 'MIGRATION_NOT_FOUND' });
    const params = { path: { migration: 'shop' } };
    const lost = await gateway(cut, gone);
    await answerOf(connect({ url: lost.url }).DELETE('/api/v1/migrations/{migration}', { params }));
    for (const handlers of [[gone], [away, gone]]) {
      const { url } = await gateway(...handlers);
      await expect(connect({ url }).DELETE('/api/v1/migrations/{migration}', { params })).rejects.toMatchObject({
        status: 404,
      });
    }
  });

  it('is ended by its signal in the middle of a request that is never answered', async () => {
    const interrupt = new AbortController();
    const { url } = await gateway(() => interrupt.abort(new Error('enough')));
    await expect(connect({ url, signal: interrupt.signal }).GET('/api/v1/migrations')).rejects.toThrow('enough');
  });

  it('gives up after its attempts, and says who does not answer', async () => {
    const { url, requests } = await gateway(away);
    await expect(connect({ url, attempts: 3 }).GET('/api/v1/migrations')).rejects.toMatchObject({ status: 503 });
    expect(requests).toHaveLength(3);
    const ended = servers.pop()?.close();
    ended?.closeAllConnections();
    const nobody = connect({ url, attempts: 2 });
    await expect(nobody.GET('/api/v1/migrations')).rejects.toThrow(`${url} does not answer (ECONNREFUSED)`);
  });

  it('does not wait when it is told to come back much later', async () => {
    const { url, requests } = await gateway(
      answer(429, { error: 'Too many', code: 'RATE_LIMITED' }, { 'Retry-After': '900' }),
    );
    await expect(connect({ url }).GET('/api/v1/migrations')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(requests).toHaveLength(1);
  });

  it('throws what was answered with an error, with all that stands beside it', async () => {
    const body = {
      error: 'Template not found',
      template_id: 't',
      suggestion: 'Verify',
      code: 'TEMPLATE_NOT_FOUND',
      request_id: 'r1',
    };
    const { url } = await gateway(answer(404, body), (_, response) => response.writeHead(418).end('<html>'));
    const connection = connect({ url });
    await expect(connection.GET('/api/v1/migrations')).rejects.toEqual(
      expect.objectContaining({
        status: 404,
        code: 'TEMPLATE_NOT_FOUND',
        message: 'Template not found',
        requestId: 'r1',
        context: { template_id: 't', suggestion: 'Verify' },
      }),
    );
    const proxy = await connection.GET('/api/v1/migrations').catch((error: unknown) => error);
    expect(proxy).toBeInstanceOf(ApiError);
    expect(proxy).toMatchObject({ code: 'UNEXPECTED_ANSWER', status: 418 });
  });

  it('asks for its token before each request', async () => {
    const { url, requests } = await gateway(created);
    const tokens = ['first', 'second'];
    const connection = connect({ url, token: () => tokens.shift() });
    await connection.GET('/api/v1/migrations');
    await connection.GET('/api/v1/migrations');
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
  });
});

/** Events of a run, and then the end of the stream, or of the connection. */
function stream(sequences: readonly number[], end: 'ends' | 'breaks' | 'stays'): Handler {
  return (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const events = sequences.map((sequence) => {
      const type = sequence === 4 ? 'finished' : 'blocked';
      return `id: ${sequence}\nevent: ${type}\ndata: ${JSON.stringify({ sequence, type, data: {} })}\n\n`;
    });
    response.write(events.join(''), () => {
      if (end === 'ends') response.end();
      if (end === 'breaks') request.socket.destroy();
    });
  };
}

const nothingMore: Handler = (_, response) => response.writeHead(204).end();

describe('the events of a run', () => {
  it('come once each, however often the stream breaks, until there are no more', async () => {
    const { url, requests } = await gateway(
      stream([1, 2], 'breaks'),
      away,
      stream([3], 'ends'),
      stream([4], 'ends'),
      nothingMore,
    );
    const seen: number[] = [];
    for await (const { sequence } of runEvents(connect({ url }), 'r')) seen.push(sequence);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(requests.map(({ headers }) => headers['last-event-id'])).toEqual(['0', '2', '2', '3', '4']);
  });

  it('are an error when the run is not known', async () => {
    const { url } = await gateway(answer(404, { error: 'Run not found', code: 'RUN_NOT_FOUND' }));
    await expect(runEvents(connect({ url }), 'r').next()).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});

describe('waiting for a run', () => {
  const run = (state: string): Handler => answer(200, { status: 'success', data: { uuid: 'r', state } });

  it('ends with the run, and leaves the stream then', async () => {
    const { url } = await gateway(stream([1, 4], 'ends'), run('succeeded'));
    const types: string[] = [];
    const ended = await waitForRun(connect({ url }), 'r', { onEvent: ({ type }) => types.push(type) });
    expect(ended).toMatchObject({ state: 'succeeded' });
    expect(types).toEqual(['blocked', 'finished']);
  });

  it('ends when its time is over, and the run goes on', async () => {
    const quiet: Handler = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
    const { url } = await gateway(quiet);
    await expect(waitForRun(connect({ url }), 'r', { timeoutMs: 50 })).rejects.toMatchObject({
      name: 'WaitTimeoutError',
      run: 'r',
    });
  });

  it('does not end at once when its time is longer than a timer runs', async () => {
    const { url } = await gateway(stream([1, 4], 'ends'), run('succeeded'));
    await expect(waitForRun(connect({ url }), 'r', { timeoutMs: 2 ** 31 })).resolves.toMatchObject({
      state: 'succeeded',
    });
  });

  it('ends in time, and when it is told to, also where the gateway takes a question and never answers', async () => {
    const silent: Handler = () => undefined;
    const { url } = await gateway(stream([1, 4], 'ends'), silent);
    await expect(waitForRun(connect({ url }), 'r', { timeoutMs: 300 })).rejects.toMatchObject({
      name: 'WaitTimeoutError',
    });
    const controller = new AbortController();
    const second = await gateway(stream([1, 4], 'ends'), () => controller.abort(new Error('enough')));
    await expect(waitForRun(connect({ url: second.url }), 'r', { signal: controller.signal })).rejects.toThrow(
      'enough',
    );
  });

  it('ends when it is told to, whatever was collected of its stream meanwhile', async () => {
    const { url } = await gateway(stream([1, 2], 'stays'));
    const controller = new AbortController();
    let onEvent = (): void => undefined;
    const isRead = new Promise<void>((resolve) => (onEvent = resolve));
    const waiting = waitForRun(connect({ url }), 'r', { signal: controller.signal, onEvent: () => onEvent() });
    await isRead;
    await collectGarbage();
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('ends when it is told to', async () => {
    const quiet: Handler = (_, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
    const { url } = await gateway(quiet);
    const controller = new AbortController();
    const waiting = waitForRun(connect({ url }), 'r', { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('a request with files', () => {
  it('is sent again as it was, bytes, folders and all', async () => {
    const bodies: Buffer[] = [];
    const take =
      (then: Handler): Handler =>
      (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          bodies.push(Buffer.concat(chunks));
          then(request, response);
        });
      };
    const { url, requests } = await gateway(take(away), take(created));
    const bytes = Buffer.from([0, 255, 10, 13, 98]);
    const files = withFiles('source', [{ field: 'files', path: 'a/ü "b".sql', bytes }]);
    await connect({ url }).POST('/api/v1/migrations', { body: { id: 'shop' }, ...files });
    expect(requests[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(bodies).toHaveLength(2);
    for (const body of bodies) {
      expect(body.toString()).toContain('name="source"\r\n\r\n{"id":"shop"}');
      expect(body.toString()).toContain('name="files"; filename="a/ü %22b%22.sql"');
      expect(body.includes(Buffer.concat([Buffer.from('\r\n\r\n'), bytes, Buffer.from('\r\n')]))).toBe(true);
    }
  });
});
