import type { PasswordPort } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

/** What the use cases of users and organizations are given. */
export interface IdentityDeps extends Pick<CoordinatorDeps, 'store'> {
  readonly passwords: PasswordPort;
}
