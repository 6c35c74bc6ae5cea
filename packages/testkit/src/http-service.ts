import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { atEndOfFile } from './test-file.js';

export interface SeenRequest {
  readonly method: string;
  /** As it came, with its query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers a request in the service's place. `go` does what the service does, without answering. */
export type Interference = (request: SeenRequest, response: ServerResponse, go: () => Reply) => unknown;

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

/**
 * A service of this machine that keeps items: POST /items `{id}`, GET /items, DELETE /items/<id>; /slow is never answered.
 * What comes under an Idempotency-Key that it knows is not done again.
 */
export interface HttpServiceUnderTest {
  readonly port: number;
  readonly url: string;
  /** What has come in, in its order. */
  readonly requests: readonly SeenRequest[];
  /** Ascending. */
  items(): readonly number[];
  /** Forgets everything, and who interferes. */
  reset(): void;
  /** For all requests from now on; null: as it is by itself. */
  interfere(how: Interference | null): void;
  /** For the next so many requests. */
  interfereNext(count: number, how: Interference): void;
  /** Waits until so many requests have come in. */
  seen(count: number): Promise<void>;
}

/** Stopped at the end of the test file. */
export async function startHttpService(): Promise<HttpServiceUnderTest> {
  const requests: SeenRequest[] = [];
  const items = new Set<number>();
  const known = new Map<string, Reply>();
  let interference: Interference | null = null;
  let waiting: { readonly count: number; readonly tell: () => void }[] = [];

  const act = ({ method, path, body }: SeenRequest): Reply => {
    const id = Number(/^\/items\/(\d+)$/.exec(path)?.[1]);
    if (method === 'GET') return { status: 200, body: [...items].sort((a, b) => a - b).map((each) => ({ id: each })) };
    if (method === 'DELETE') return { status: items.delete(id) ? 204 : 404 };
    const item = JSON.parse(body === '' ? '{}' : body) as { readonly id: number };
    if (items.has(item.id)) return { status: 409, body: { error: 'there is one of this id' } };
    items.add(item.id);
    return { status: 201, body: { ...item, made: true } };
  };

  const serve = (request: SeenRequest): Reply => {
    const key = request.headers['idempotency-key'];
    const before = typeof key === 'string' ? known.get(key) : undefined;
    const reply = before ?? act(request);
    if (typeof key === 'string') known.set(key, reply);
    return reply;
  };

  const server = createServer((incoming, response) => {
    response.on('error', () => undefined);
    void textOf(incoming).then(
      (body) => {
        const { method = '', url: path = '', headers } = incoming;
        const request = { method, path, headers, body };
        requests.push(request);
        for (const { tell } of waiting.filter(({ count }) => requests.length >= count)) tell();
        waiting = waiting.filter(({ count }) => requests.length < count);
        if (path === '/slow') return;
        if (interference === null) send(response, serve(request));
        else void interference(request, response, () => serve(request));
      },
      () => undefined,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  atEndOfFile(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    items: () => [...items].sort((a, b) => a - b),
    reset: () => {
      requests.splice(0);
      items.clear();
      known.clear();
      interference = null;
    },
    interfere: (how) => {
      interference = how;
    },
    interfereNext: (count, how) => {
      let left = count;
      interference = (request, response, go) => {
        left -= 1;
        if (left <= 0) interference = null;
        return how(request, response, go);
      };
    },
    seen: (count) =>
      new Promise((tell) => {
        if (requests.length >= count) tell();
        else waiting.push({ count, tell });
      }),
  };
}

/** As JSON. */
export function send(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, body === undefined ? {} : { 'Content-Type': 'application/json' });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
