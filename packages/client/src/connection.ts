import createClient, { type Client } from 'openapi-fetch';
import { ApiError } from './errors.js';
import type { paths } from './generated/api.js';
import { heldWhile } from './held.js';
import { retryingFetch, type RetryOptions } from './retrying-fetch.js';

/** Every route of the API, with the types of docs/openapi.json: `http.GET('/api/v1/runs/{run}', { params: … })`. */
export type Connection = Client<paths>;

export interface ConnectionOptions extends Partial<RetryOptions> {
  /** Of the gateway, such as https://eden.example.com; a path is kept. */
  readonly url: string;
  /** Asked before each request, so that a token may be refreshed meanwhile; undefined: none is sent. */
  readonly token?: () => Promise<string | undefined> | string | undefined;
  /** Ends every request, beside the signal of its own that it may have. */
  readonly signal?: AbortSignal | undefined;
}

const ATTEMPTS = 6;
/** Longer than a gateway lets a client wait for a run by default (`MIGRATE_WAIT_MS`). */
const TIMEOUT_MS = 90_000;
/** Longer than the service keeps the key of a request whose gateway has died in the middle of it: a minute. */
const AT_WORK_MS = 75_000;

/**
 * A typed client of one gateway. Requests are sent again while the service is away, POSTs with an Idempotency-Key.
 * Whatever is answered with an error is thrown.
 * @throws ApiError, UnreachableError (each request)
 */
export function connect({ url, token, signal, ...options }: ConnectionOptions): Connection {
  const { attempts = ATTEMPTS, timeoutMs = TIMEOUT_MS, atWorkMs = AT_WORK_MS, fetch: send = fetch } = options;
  const http = createClient<paths>({
    baseUrl: url.replace(/\/+$/, ''),
    fetch: (request) =>
      heldWhile([request], () =>
        retryingFetch(endedBy(request, signal), { attempts, timeoutMs, atWorkMs, fetch: send }),
      ),
  });
  http.use({
    onRequest: async ({ request }) => {
      const value = request.headers.has('Authorization') ? undefined : await token?.();
      if (value !== undefined) request.headers.set('Authorization', `Bearer ${value}`);
    },
    onResponse: async ({ response }) => {
      if (!response.ok) throw await ApiError.from(response);
    },
  });
  return http;
}

function endedBy(request: Request, signal: AbortSignal | undefined): Request {
  return signal === undefined ? request : new Request(request, { signal: AbortSignal.any([request.signal, signal]) });
}
