import { EdenError } from '@eden/domain';

/** Who tries to log in, and from where. */
export interface LoginAttempt {
  readonly organization: string;
  readonly username: string;
  readonly address: string;
}

interface Limit {
  readonly most: number;
  readonly key: (attempt: LoginAttempt) => string;
  /** Whether it spares a user at an address that this user has logged in from before. */
  readonly sparesKnown: boolean;
}

const WINDOW_MS = 60_000;
const MS_PER_SECOND = 1000;

function userAtAddress({ organization, username, address }: LoginAttempt): string {
  return JSON.stringify([organization, username, address]);
}

/**
 * Failures per minute. One user from one address; one user from everywhere, which must not let others lock the user
 * out; one address against all users.
 */
const LIMITS: readonly Limit[] = [
  { most: 10, key: userAtAddress, sparesKnown: false },
  { most: 50, key: ({ organization, username }) => JSON.stringify([organization, username]), sparesKnown: true },
  { most: 200, key: ({ address }) => JSON.stringify([address]), sparesKnown: false },
];

/** Keys kept at most; the one that was idle longest goes first. */
const MOST_KEYS = 50_000;

/**
 * Sliding windows over failed logins, in the memory of this process. An attempt counts as failed until it has
 * succeeded, so that a burst in parallel gains nothing.
 */
export class LoginLimiter {
  private readonly failures = new Map<string, number[]>();
  /** Users at addresses that they have logged in from. */
  private readonly known = new Set<string>();

  constructor(private readonly now: () => number = Date.now) {}

  /** @throws EdenError RATE_LIMITED (context: retry_after_seconds) */
  begin(attempt: LoginAttempt): void {
    const isKnown = this.known.has(userAtAddress(attempt));
    const limits = LIMITS.filter(({ sparesKnown }) => !(isKnown && sparesKnown));
    for (const { most, key } of limits) this.assertBelow(most, key(attempt));
    for (const { key } of LIMITS) this.record(key(attempt));
  }

  /** Takes the attempt back out of the windows, and remembers where the user has come from. */
  succeeded(attempt: LoginAttempt): void {
    this.remember(userAtAddress(attempt));
    for (const { key } of LIMITS) this.failures.get(key(attempt))?.pop();
  }

  private assertBelow(most: number, key: string): void {
    const recent = this.recent(key);
    const [oldest] = recent;
    if (oldest === undefined || recent.length < most) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((oldest + WINDOW_MS - this.now()) / MS_PER_SECOND));
    throw new EdenError('RATE_LIMITED', { retry_after_seconds: retryAfterSeconds });
  }

  private remember(key: string): void {
    // Deleted first, so that the set's order is the order of use.
    this.known.delete(key);
    this.known.add(key);
    const [idlest = key] = this.known;
    if (this.known.size > MOST_KEYS) this.known.delete(idlest);
  }

  private recent(key: string): number[] {
    const start = this.now() - WINDOW_MS;
    return (this.failures.get(key) ?? []).filter((at) => at > start);
  }

  private record(key: string): void {
    const recent = [...this.recent(key), this.now()];
    // Deleted first, so that the map's order is the order of use.
    this.failures.delete(key);
    this.failures.set(key, recent);
    const [idlest] = this.failures.keys();
    if (this.failures.size > MOST_KEYS && idlest !== undefined) this.failures.delete(idlest);
  }
}
