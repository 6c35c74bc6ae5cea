import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { IdempotencyStore, JsonObject, JsonValue, Subject } from '@eden/domain';
import { EdenError, canonicalJson, validationError } from '@eden/domain';
import type { Answer } from './answer.js';
import type { HttpRequest } from './http-request.js';

/** A request that may be sent again and must not be done again. */
export interface KeyedRequest {
  readonly subject: Subject;
  readonly key: string;
  /** Of method, path and body: the same key with another one is refused. */
  readonly hash: string;
  readonly http: HttpRequest;
}

const LONGEST_KEY = 200;
const POLL_MS = 200;
const LONGEST_WAIT_MS = 10_000;

/** @throws EdenError VALIDATION_FAILED when the header is empty or too long */
export function checkKey(key: string): void {
  if (key.length > 0 && key.length <= LONGEST_KEY) return;
  throw validationError([{ path: 'Idempotency-Key', message: `must have 1 to ${LONGEST_KEY} characters` }]);
}

export function requestHash(method: string, path: string, body: unknown): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${canonicalJson(body as JsonValue)}`)
    .digest('hex');
}

function toStored({ body, headers = {} }: Answer): JsonObject {
  return { body: body as JsonObject, headers };
}

function fromStored(status: number, stored: JsonObject): Answer {
  const headers = stored['headers'] as Readonly<Record<string, string>>;
  return { status, body: stored['body'] as JsonObject, headers: { ...headers, 'Idempotency-Replayed': 'true' } };
}

/** The first answer, when there is one; null when the key is ours now. Waits a little for one that is on its way. */
async function reserve(store: IdempotencyStore, request: KeyedRequest): Promise<Answer | null> {
  const { subject, key, hash, http } = request;
  const deadline = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const reservation = await store.reserve(subject, key, hash);
    if (reservation.state === 'reserved') return null;
    if (reservation.state === 'answered') return fromStored(reservation.status, reservation.body);
    if (http.signal.aborted || performance.now() > deadline) {
      throw new EdenError('IDEMPOTENCY_KEY_IN_USE', { suggestion: 'Wait for the first request and try again' });
    }
    await delay(POLL_MS);
  }
}

/** Keeps the answer. The work is done by now, so the client hears of it even when the answer cannot be kept. */
async function keep(store: IdempotencyStore, { subject, key, http }: KeyedRequest, answer: Answer): Promise<void> {
  try {
    await store.answer(subject, key, answer.status, toStored(answer));
  } catch (error) {
    http.log.warn('answer not kept for its Idempotency-Key', { error });
  }
}

/** Gives the key back. A key that cannot be given back ends by itself: it must not hide why the work failed. */
async function giveBack(store: IdempotencyStore, { subject, key, http }: KeyedRequest): Promise<void> {
  try {
    await store.forget(subject, key);
  } catch (error) {
    http.log.warn('Idempotency-Key not given back', { error });
  }
}

/**
 * Does the work once per key. An answer is kept and given again, also the error of a run that took place. What the work
 * throws instead has changed nothing: the key is given back, and the request may be tried again.
 */
export async function once(
  store: IdempotencyStore,
  request: KeyedRequest,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const first = await reserve(store, request);
  if (first !== null) return first;
  try {
    const answer = await work();
    await keep(store, request, answer);
    return answer;
  } catch (error) {
    await giveBack(store, request);
    throw error;
  }
}
