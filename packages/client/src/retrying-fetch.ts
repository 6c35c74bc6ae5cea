import { randomUUID } from 'node:crypto';
import { backoffMs, pause } from './backoff.js';
import { UnreachableError } from './errors.js';

export interface RetryOptions {
  /** How often a request is sent at most. */
  readonly attempts: number;
  /** How long one attempt may take until its answer begins. */
  readonly timeoutMs: number;
  readonly fetch: (request: Request) => Promise<Response>;
}

/** The server has not done what it was asked, and says that it might later. */
const NOT_DONE: readonly number[] = [429, 503];
/** Something in between has lost the server; what was asked may be done. */
const UNKNOWN: readonly number[] = [502, 504];
/** Whoever has to wait for longer than this decides for themselves whether to. */
const LONGEST_WAIT_MS = 60_000;
const MS_PER_SECOND = 1000;

const KEY = 'Idempotency-Key';
/** Their answers may hold secrets, so the service keeps none of them (contract section 2). */
const WITHOUT_KEY = /^\/api\/v1\/(auth|iam|new)(\/|$)/;

/**
 * Sends a request until it has an answer that is not about the moment. Every POST that may carry an Idempotency-Key gets
 * one, the same at each attempt, so that it is done once however often it is sent.
 * @throws UnreachableError after the last attempt; what the signal of the request was aborted with
 */
export async function retryingFetch(request: Request, options: RetryOptions): Promise<Response> {
  const keyed = withKey(request);
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt >= options.attempts;
    const result = await send(keyed, options);
    const waitMs = isLast ? null : waitBefore(keyed, result, attempt);
    if (waitMs === null) {
      if (result instanceof Response) return result;
      throw result;
    }
    if (result instanceof Response) await result.body?.cancel();
    await pause(waitMs, request.signal);
  }
}

function withKey(request: Request): Request {
  const { pathname } = new URL(request.url);
  if (request.method !== 'POST' || WITHOUT_KEY.test(pathname) || request.headers.has(KEY)) return request;
  const keyed = new Request(request);
  keyed.headers.set(KEY, randomUUID());
  return keyed;
}

async function send(request: Request, { timeoutMs, fetch }: RetryOptions): Promise<Response | UnreachableError> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await fetch(new Request(request.clone(), { signal: AbortSignal.any([request.signal, late.signal]) }));
  } catch (error) {
    request.signal.throwIfAborted();
    return new UnreachableError(new URL(request.url).origin, late.signal.aborted ? late.signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds until the next attempt; null when there is none, because the answer counts. */
function waitBefore(request: Request, result: Response | UnreachableError, attempt: number): number | null {
  if (!(result instanceof Response)) return isRepeatable(request) ? backoffMs(attempt) : null;
  const again = NOT_DONE.includes(result.status) || (UNKNOWN.includes(result.status) && isRepeatable(request));
  if (!again) return null;
  const waitMs = retryAfterMs(result) ?? backoffMs(attempt);
  return waitMs > LONGEST_WAIT_MS ? null : waitMs;
}

/** Whether doing it twice is the same as doing it once. */
function isRepeatable(request: Request): boolean {
  return request.method !== 'POST' || request.headers.has(KEY) || request.url.endsWith('/auth/refresh');
}

/** RFC 9110: seconds or a date. */
function retryAfterMs({ headers }: Response): number | null {
  const value = headers.get('Retry-After');
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * MS_PER_SECOND : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
