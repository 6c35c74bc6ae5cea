import type { CoordinatorDeps, IdentityDeps } from '@eden/coordinator';
import type { ServiceTelemetry } from '@eden/telemetry';
import type { LoginLimiter } from './identity/login-limiter.js';
import type { Tokens } from './identity/tokens.js';
import type { EventStreams } from './runs/event-streams.js';

/** What every operation is given: the coordinator's ports, and what is the gateway's own. Built in context.ts. */
export interface GatewayDeps extends CoordinatorDeps, IdentityDeps {
  readonly telemetry: ServiceTelemetry;
  readonly tokens: Tokens;
  readonly logins: LoginLimiter;
  readonly streams: EventStreams;
  /** Networks (CIDR) whose X-Forwarded-For tells a client's address. */
  readonly trustedProxies: readonly string[];
  /** Bearer of POST /new. */
  readonly newOrganizationToken: string;
  /** How long sync and migrate wait for their run before they answer 202. */
  readonly migrateWaitMs: number;
}
