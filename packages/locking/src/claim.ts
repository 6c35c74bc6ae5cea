import { randomUUID } from 'node:crypto';
import type { LockMode, LockOwner, LockParticipant } from '@eden/domain';

/**
 * What a request for a lock tells everybody else, the same over all its attempts. It is part of the very value that is
 * stored as the lock, so nobody ever holds a lock anonymously.
 */
export interface Claim {
  readonly id: string;
  readonly mode: LockMode;
  readonly process: string;
  readonly purpose: string;
  /** Since when it waits: milliseconds since 1970 by the clock of its process. */
  readonly since: number;
  readonly fence?: number;
}

/** What the scripts need to know of one attempt. */
export interface ClaimAttempt {
  readonly number: number;
  /** Milliseconds since 1970 by the clock of this process. */
  readonly since: number;
  /** How long an intent and a waiting entry outlive the attempt that left them. */
  readonly patienceMs: number;
}

const HOLDER_VALUE = /^\d+:(\d+):\d+:(\{.*\})$/s;

export function makeClaim(mode: LockMode, process: string, owner: LockOwner): Claim {
  const { purpose, fence } = owner;
  return { id: randomUUID(), mode, process, purpose, since: Date.now(), ...(fence === undefined ? {} : { fence }) };
}

export function encodeClaim(claim: Claim): string {
  return JSON.stringify(claim);
}

export function decodeClaim(text: string): Claim {
  return JSON.parse(text) as Claim;
}

/**
 * The value under which an attempt holds the lock. No two attempts share one: else a release that a frozen master
 * carries out late would take away what a later attempt of the same request has won.
 */
export function encodeHolder(claim: Claim, attempt: ClaimAttempt): string {
  return `${attempt.number}:${attempt.since}:${attempt.patienceMs}:${encodeClaim(claim)}`;
}

/** The claim behind a holder's value, with `since` = since when it holds. */
export function decodeHolder(value: string): Claim {
  const [, since, claim] = HOLDER_VALUE.exec(value) ?? [];
  if (claim === undefined) throw new SyntaxError('not the value of a lock holder');
  return { ...decodeClaim(claim), since: Number(since) };
}

export function toParticipant(claim: Claim, count: number): LockParticipant {
  const { process, purpose, since, fence } = claim;
  return { process, purpose, since: new Date(since), count, ...(fence === undefined ? {} : { fence }) };
}
