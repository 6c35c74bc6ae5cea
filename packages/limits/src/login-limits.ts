import type { LoginAttempt } from '@eden/domain';
import { EdenError, asUuid, isUuid } from '@eden/domain';
import type { RedisClient } from '@eden/redis';
import { Counter } from './counter.js';
import { networkOf } from './network-of.js';

const KNOWN_SECONDS = 30 * 24 * 3600;

/** A uuid is one organization, however its letters are written. */
export function userOf({ organization, username }: LoginAttempt): string {
  return JSON.stringify([isUuid(organization) ? asUuid(organization) : organization, username]);
}

const placeOf = ({ address }: LoginAttempt): string => networkOf(address);
const userAtPlace = (attempt: LoginAttempt): string => JSON.stringify([userOf(attempt), placeOf(attempt)]);

/**
 * Failures per minute: of one place against all users; of one user from everywhere, which must not let others lock the
 * user out, and so spares the places that the user has logged in from; of one user from one place. An attempt counts as
 * failed until it has succeeded, so that a burst in parallel gains nothing.
 */
export class LoginLimits {
  private readonly places: Counter;
  private readonly users: Counter;
  private readonly usersAtPlaces: Counter;

  constructor(private readonly client: RedisClient) {
    this.places = new Counter(client, 'login-place', 200);
    this.users = new Counter(client, 'login-user', 50);
    this.usersAtPlaces = new Counter(client, 'login-user-place', 10);
  }

  /** @throws EdenError RATE_LIMITED (context: retry_after_seconds), or another error when Redis does not answer */
  async begin(attempt: LoginAttempt): Promise<void> {
    await assertBelow(this.places, placeOf(attempt));
    if (await this.isKnown(attempt)) await this.users.countOnly(userOf(attempt));
    else await assertBelow(this.users, userOf(attempt));
    await assertBelow(this.usersAtPlaces, userAtPlace(attempt));
  }

  /** @throws Error when Redis does not answer */
  async succeeded(attempt: LoginAttempt): Promise<void> {
    await this.client.set(knownKey(attempt), '', 'EX', KNOWN_SECONDS);
    await this.places.takeBack(placeOf(attempt));
    await this.users.takeBack(userOf(attempt));
    await this.usersAtPlaces.takeBack(userAtPlace(attempt));
  }

  private async isKnown(attempt: LoginAttempt): Promise<boolean> {
    return (await this.client.exists(knownKey(attempt))) === 1;
  }
}

function knownKey(attempt: LoginAttempt): string {
  return `eden:limit:login-known:${userAtPlace(attempt)}`;
}

async function assertBelow(counter: Counter, key: string): Promise<void> {
  const { exceeded, resetSeconds } = await counter.count(key);
  if (exceeded) throw new EdenError('RATE_LIMITED', { retry_after_seconds: resetSeconds });
}
