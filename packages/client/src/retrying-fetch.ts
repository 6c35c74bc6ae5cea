import { backoffMs, pause } from './backoff.js';
import { UnreachableError } from './errors.js';
import { heldWhile } from './held.js';

export interface RetryOptions {
  /** How often a request is sent at most. */
  readonly attempts: number;
  /** How long one attempt may take until its answer begins. */
  readonly timeoutMs: number;
  /** For how long a request is asked for again that an earlier attempt of it is at, however often it was sent. */
  readonly atWorkMs: number;
  readonly fetch: (request: Request) => Promise<Response>;
}

const CONFLICT = 409;
/** The server has not done what it was asked. */
const TOO_MANY = 429;
/** Nor has it here, as a rule; but it may have lost its own database in the middle. */
const UNAVAILABLE = 503;
/** Something in between has lost the server; what was asked may be done. */
const UNKNOWN: readonly number[] = [502, 504];
/** Whoever has to wait for longer than this decides for themselves whether to. */
const LONGEST_WAIT_MS = 60_000;
const MS_PER_SECOND = 1000;

const KEY = 'Idempotency-Key';
const KEY_BYTES = 16;
/** Their answers may hold secrets, so the service keeps none of them (contract section 2); of tools there is nothing to keep. */
const WITHOUT_KEY = /\/api\/v1\/(auth|iam|new|tools)(\/|$)/;
/** Of those, what may be done twice. */
const HARMLESS = /\/api\/v1\/(auth\/(login|refresh|logout)|tools\/(render|lint))$/;
/** An earlier attempt of this request is at work still; its answer is given when it is there. */
const AT_WORK = 'IDEMPOTENCY_KEY_IN_USE';

/**
 * Sends a request until it has an answer that is not about the moment. Every POST that may carry an Idempotency-Key gets
 * one, the same at each attempt, so that it is done once however often it is sent.
 * @throws UnreachableError after the last attempt; what the signal of the request was aborted with
 */
export async function retryingFetch(request: Request, options: RetryOptions): Promise<Response> {
  const keyed = withKey(request);
  return heldWhile([request, keyed], () => sendUntilAnswered(keyed, options));
}

async function sendUntilAnswered(request: Request, options: RetryOptions): Promise<Response> {
  const patience = new Patience(options);
  let mayBeDone = false;
  for (let attempt = 1; ; attempt += 1) {
    const result = await send(request, options);
    const isAtWork = attempt > 1 && (await saysAtWork(result));
    const waitMs = patience.lasts(attempt, isAtWork) ? await waitBefore(request, result, { attempt, isAtWork }) : null;
    if (waitMs === null) return conclude(request, result, mayBeDone);
    mayBeDone ||= !(result instanceof Response) || UNKNOWN.includes(result.status);
    if (result instanceof Response) await result.body?.cancel();
    await pause(waitMs, request.signal);
  }
}

/** Whether it is asked once more. */
class Patience {
  private atWorkUntil: number | null = null;

  constructor(private readonly options: RetryOptions) {}

  lasts(attempt: number, isAtWork: boolean): boolean {
    if (attempt < this.options.attempts) return true;
    if (!isAtWork) return false;
    this.atWorkUntil ??= performance.now() + this.options.atWorkMs;
    return performance.now() < this.atWorkUntil;
  }
}

function withKey(request: Request): Request {
  const { pathname } = new URL(request.url);
  if (request.method !== 'POST' || WITHOUT_KEY.test(pathname) || request.headers.has(KEY)) return request;
  const keyed = new Request(request);
  keyed.headers.set(KEY, newKey());
  return keyed;
}

/** Browsers have no crypto.randomUUID on pages that came without TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function send(request: Request, { timeoutMs, fetch }: RetryOptions): Promise<Response | UnreachableError> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  try {
    const signal = AbortSignal.any([request.signal, late.signal]);
    const sent = new Request(request.clone(), { signal });
    return await heldWhile([sent], () => fetch(sent));
  } catch (error) {
    request.signal.throwIfAborted();
    return new UnreachableError(new URL(request.url).origin, late.signal.aborted ? late.signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}

/** What was to be deleted and is not there is gone, most likely by the attempt whose answer was lost. */
function conclude({ method }: Request, result: Response | UnreachableError, mayBeDone: boolean): Response {
  if (!(result instanceof Response)) throw result;
  if (!(mayBeDone && method === 'DELETE' && result.status === 404)) return result;
  return Response.json({ status: 'success', message: 'It is gone: an earlier attempt had no answer' });
}

/** Milliseconds until the next attempt; null when there is none, because the answer counts. */
async function waitBefore(
  request: Request,
  result: Response | UnreachableError,
  { attempt, isAtWork }: { readonly attempt: number; readonly isAtWork: boolean },
): Promise<number | null> {
  if (!(result instanceof Response)) return isRepeatable(request) ? backoffMs(attempt) : null;
  if (!isAtWork && !isAboutTheMoment(request, result)) return null;
  const waitMs = retryAfterMs(result) ?? backoffMs(attempt);
  return waitMs > LONGEST_WAIT_MS ? null : waitMs;
}

async function saysAtWork(result: Response | UnreachableError): Promise<boolean> {
  if (!(result instanceof Response) || result.status !== CONFLICT) return false;
  return (await result.clone().text()).includes(`"${AT_WORK}"`);
}

function isAboutTheMoment(request: Request, { status }: Response): boolean {
  if (status === TOO_MANY) return true;
  return (status === UNAVAILABLE || UNKNOWN.includes(status)) && isRepeatable(request);
}

/** Whether doing it twice is the same as doing it once. */
function isRepeatable(request: Request): boolean {
  return request.method !== 'POST' || request.headers.has(KEY) || HARMLESS.test(new URL(request.url).pathname);
}

/** RFC 9110: seconds or a date. */
function retryAfterMs({ headers }: Response): number | null {
  const value = headers.get('Retry-After');
  if (value === null) return null;
  const ms = /^\d+$/.test(value) ? Number(value) * MS_PER_SECOND : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
