import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { HeldKey, IdempotencyStore, JsonObject, JsonValue, Subject } from '@eden/domain';
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
/** A quarter of the time after which a reservation counts as abandoned. */
const RENEW_MS = 15_000;
/** Half of that time. */
const GIVE_BACK_FOR_MS = 30_000;
const GIVE_BACK_EVERY_MS = 500;

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

/** The first answer, when there is one, or the key, when it is ours now. Waits a little for one that is on its way. */
async function reserve(store: IdempotencyStore, request: KeyedRequest): Promise<{ readonly first: Answer } | HeldKey> {
  const { subject, key, hash, http } = request;
  const deadline = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const reservation = await store.reserve(subject, key, hash);
    if (reservation.state === 'reserved') return reservation.held;
    if (reservation.state === 'answered') return { first: fromStored(reservation.status, reservation.body) };
    if (http.signal.aborted || performance.now() > deadline) {
      throw new EdenError('IDEMPOTENCY_KEY_IN_USE', { suggestion: 'Wait for the first request and try again' });
    }
    await delay(POLL_MS);
  }
}

/** Says again and again that the key is in use. Answers what ends that. */
function keepRenewed(store: IdempotencyStore, held: HeldKey, { subject, http }: KeyedRequest): () => void {
  const renew = (): void =>
    void store.renew(subject, held).catch((error: unknown) => http.log.warn('Idempotency-Key not renewed', { error }));
  const timer = setInterval(renew, RENEW_MS);
  return () => clearInterval(timer);
}

/** Keeps the answer. The work is done by now, so the client hears of it even when the answer cannot be kept. */
async function keep(
  store: IdempotencyStore,
  held: HeldKey,
  { subject, http }: KeyedRequest,
  answer: Answer,
): Promise<void> {
  try {
    await store.answer(subject, held, answer.status, toStored(answer));
  } catch (error) {
    http.log.warn('answer not kept for its Idempotency-Key', { error });
  }
}

/**
 * Gives the key back, so that the request may be sent again. That must not hide why the work failed, which most often is what
 * keeps the key from being given back as well: a control database that is away. Then it is tried again behind the answer, for
 * as long as the key is surely still ours; after that it ends by itself.
 */
async function giveBack(store: IdempotencyStore, held: HeldKey, { subject, http }: KeyedRequest): Promise<void> {
  try {
    await store.forget(subject, held);
  } catch (error) {
    http.log.warn('Idempotency-Key not given back yet', { error });
    void giveBackLater(store, held, subject);
  }
}

async function giveBackLater(store: IdempotencyStore, held: HeldKey, subject: Subject): Promise<void> {
  const deadline = performance.now() + GIVE_BACK_FOR_MS;
  while (performance.now() < deadline) {
    await delay(GIVE_BACK_EVERY_MS, undefined, { ref: false });
    const isFree = await store.forget(subject, held).then(
      () => true,
      () => false,
    );
    if (isFree) return;
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
  const held = await reserve(store, request);
  if ('first' in held) return held.first;
  const stopRenewing = keepRenewed(store, held, request);
  try {
    const answer = await work();
    await keep(store, held, request, answer);
    return answer;
  } catch (error) {
    await giveBack(store, held, request);
    throw error;
  } finally {
    stopRenewing();
  }
}
