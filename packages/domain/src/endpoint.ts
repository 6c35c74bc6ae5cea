import type { Uuid } from './ids.js';
import type { JsonObject } from './json.js';
import type { DatabaseIdentity } from './plan.js';

/** What a new kind needs stands in CONTRIBUTING.md. */
export const ENDPOINT_KINDS = ['Postgres', 'MySQL', 'Http'] as const;
export type EndpointKind = (typeof ENDPOINT_KINDS)[number];

/** A target the templates run against. `config` holds the secrets in clear, or says where they are, and never leaves the process. */
export interface Endpoint {
  readonly uuid: Uuid;
  readonly organizationUuid: Uuid;
  readonly id: string;
  readonly kind: EndpointKind;
  readonly description: string | null;
  readonly config: JsonObject;
  /** Raised by every change: pools are keyed by it, and it is part of the plan's hash. */
  readonly version: number;
  /** The database to which a sync found it lead last; null before the first one. */
  readonly database: Pick<DatabaseIdentity, 'key' | 'place'> | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
