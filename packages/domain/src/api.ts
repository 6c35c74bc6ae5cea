import type { Uuid } from './ids.js';
import type { JsonObject, JsonValue } from './json.js';
import type { DatabaseIdentity } from './plan.js';

export const FIELD_TYPES = ['String', 'Number', 'Boolean', 'Object', 'Array'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** One input of an API. `name` may be dotted: `customer.id`. */
export interface ApiField {
  readonly name: string;
  readonly type: FieldType;
  readonly description?: string;
  readonly required: boolean;
}

/**
 * A template with the values of its parameters. In an API a string is a dotted path into the input;
 * in a migration a string starting with `migration.` is a reference and every other value is itself.
 * `{"literal": …}` is a constant in both, `{"path": "…"}` an explicit path.
 */
export interface Binding {
  readonly templateUuid: Uuid;
  readonly fields: Readonly<Record<string, JsonValue>>;
}

/** What an API does when it is called; replaced as a whole, and counted by `schemaVersion`. */
export interface ApiDefinition {
  readonly fields: readonly ApiField[];
  readonly bindings: readonly Binding[];
}

/** An API's part in a migration. Kept, inactive, after the migration ended or was deleted. */
export interface Membership {
  readonly migrationUuid: Uuid;
  /** True while the API belongs to the migration and to no other. */
  readonly active: boolean;
  /** `migration.state` of the guide: the migration was synced with this membership as it is. */
  readonly synced: boolean;
  readonly stage: number;
  /** Order in which the APIs were added. */
  readonly position: number;
  readonly bindings: readonly Binding[];
  /** What the API becomes when the migration commits. */
  readonly next: Partial<ApiDefinition> | null;
  /** What it was before, and becomes again when the migration is rolled back; null when the commit replaced nothing. */
  readonly previous: ApiDefinition | null;
}

/** A gate as the last migration of the database left it. */
export interface CommittedGate extends Pick<DatabaseIdentity, 'key' | 'place'> {
  readonly version: number;
}

export interface Api extends ApiDefinition {
  readonly uuid: Uuid;
  readonly id: string;
  readonly description: string | null;
  /** Of a source: it comes and goes with it, and is neither changed nor executed by itself. */
  readonly managed: boolean;
  /** Raised whenever a migration commits or the definition changes; the gate in the target holds the same number. */
  readonly schemaVersion: number;
  /** What migrations have written into its gates, one for each database that it reads and that one of them has changed. */
  readonly gates: readonly CommittedGate[];
  /** The timeline of the control database on which it was made; null once somebody may have executed it without gates. */
  readonly untouchedOn: string | null;
  /** The active membership, or else the latest. */
  readonly membership: Membership | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** An API together with its membership in one given migration. */
export interface Member {
  readonly api: Api;
  readonly membership: Membership;
}

/** Input of an execution. */
export type ApiInput = JsonObject;
