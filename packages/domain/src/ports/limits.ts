import type { Uuid } from '../ids.js';

/** Who tries to log in, and from where. */
export interface LoginAttempt {
  readonly organization: string;
  readonly username: string;
  readonly address: string;
}

/** What is left of an organization's limit after a request. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  /** Until the limit is whole again. */
  readonly resetSeconds: number;
  readonly exceeded: boolean;
}

/** Requests that have a limit of their own. */
export type LimitedKind = 'request' | 'execution' | 'gate';

/** Requests that stay open for as long as their client likes. */
export type OpenKind = 'stream' | 'waiting gate' | 'export';

export interface OpenRequest {
  readonly organization: Uuid;
  readonly kind: OpenKind;
}

/**
 * Limits that all gateways keep together. While what they keep them in is away, everything is let through: a limit that
 * nobody can count is no reason to refuse anybody.
 */
export interface LimitPort {
  /** Counts a request; null where such requests have no limit, or nobody can count them now. */
  count(organization: Uuid, kind: LimitedKind): Promise<RateLimit | null>;
  /**
   * False, and not counted, where the organization would have more than `most` of the kind over all gateways. Those of a
   * gateway that has died count for half a minute more.
   */
  opened(request: OpenRequest, most: number): Promise<boolean>;
  /** One that was counted has ended. */
  closed(request: OpenRequest): void;
  /** Counts an attempt as failed, until it has succeeded. @throws EdenError RATE_LIMITED (context: retry_after_seconds) */
  beginLogin(attempt: LoginAttempt): Promise<void>;
  /** Takes the attempt back, and remembers where the user has come from. */
  loginSucceeded(attempt: LoginAttempt): Promise<void>;
}
