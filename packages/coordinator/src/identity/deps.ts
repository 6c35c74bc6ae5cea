import type { ApiKeyPort, PasswordPort } from '@eden/domain';
import type { CoordinatorDeps } from '../deps.js';

/** What the use cases of users and organizations are given. */
export interface IdentityDeps extends Pick<CoordinatorDeps, 'store' | 'telemetry' | 'locks' | 'clock' | 'settings'> {
  readonly passwords: PasswordPort;
  readonly apiKeys: ApiKeyPort;
}

/** What it takes to change what a subject may do: a store, and what tells all gateways. */
export type SubjectDeps = Pick<IdentityDeps, 'store' | 'locks' | 'clock' | 'settings'>;
