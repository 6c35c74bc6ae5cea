import type { CoordinatorDeps, IdentityDeps } from '@eden/coordinator';
import type { LimitPort } from '@eden/domain';
import type { AnswerMemory } from '@eden/targets';
import type { ServiceTelemetry } from '@eden/telemetry';
import type { GateTickets } from './identity/gate-tickets.js';
import type { ApiKeys } from './identity/api-keys.js';
import type { KeptSubjects } from './identity/kept-subjects.js';
import type { LoginProvider } from './identity/provider/login-provider.js';
import type { ProviderTokens } from './identity/provider/provider-tokens.js';
import type { Sessions } from './identity/sessions/sessions.js';
import type { Tokens } from './identity/tokens.js';
import type { UploadMemory } from './http/upload-memory.js';
import type { DashboardFile } from './dashboard/dashboard-files.js';
import type { OpenRequests } from './runs/open-requests.js';

/** What every operation is given: the coordinator's ports, and what is the gateway's own. Built in context.ts. */
export interface GatewayDeps extends CoordinatorDeps, IdentityDeps {
  readonly telemetry: ServiceTelemetry;
  readonly tokens: Tokens;
  /** Of those who execute. */
  readonly subjects: KeptSubjects;
  /** Null where no identity provider is set. */
  readonly provider: ProviderTokens | null;
  /** Null where browsers log in by password alone. */
  readonly loginProvider: LoginProvider | null;
  readonly sessions: Sessions;
  readonly apiKeys: ApiKeys;
  readonly limits: LimitPort;
  readonly uploads: UploadMemory;
  /** For what targets have answered and clients have not taken yet. */
  readonly answers: AnswerMemory;
  readonly tickets: GateTickets;
  readonly streams: OpenRequests;
  /** Those who wait at gates. */
  readonly gates: OpenRequests;
  /** Of audits. */
  readonly exports: OpenRequests;
  /** Hosts that webhooks may lead to. */
  readonly webhookHosts: readonly string[];
  /** The files of the dashboard, by their paths below /ui. */
  readonly dashboard: ReadonlyMap<string, DashboardFile>;
  /** Networks (CIDR) whose X-Forwarded-For tells a client's address. */
  readonly trustedProxies: readonly string[];
  /** Bearer of POST /new. */
  readonly newOrganizationToken: string;
  /** How long sync and migrate wait for their run before they answer 202. */
  readonly migrateWaitMs: number;
}
