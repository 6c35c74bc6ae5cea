import type {
  Api,
  Endpoint,
  FolderFile,
  Membership,
  Migration,
  OutsideStep,
  Plan,
  Run,
  RunApi,
  RunEvent,
  RunParticipant,
  RunSlot,
  Source,
  Template,
  UnpreparedDatabase,
  Uuid,
} from '@eden/domain';

/** Rows are never changed, only replaced: so a transaction can be taken back by putting back what was there. */
export interface Tables {
  readonly endpoints: Endpoint;
  readonly templates: Template;
  readonly apis: ApiRow;
  readonly migrations: MigrationRow;
  readonly memberships: MembershipRow;
  readonly runs: RunRow;
  readonly participants: ParticipantsRow;
  readonly outbox: OutboxRow;
  readonly targetDatabases: TargetDatabaseRow;
  readonly installations: InstallationRow;
  readonly places: PlaceRow;
  readonly unprepared: UnpreparedRow;
  readonly outsideSteps: OutsideStepsRow;
  readonly retention: RetentionRow;
  readonly sources: SourceRow;
}

export type TableName = keyof Tables;

export const TABLES: readonly TableName[] = [
  'endpoints',
  'templates',
  'apis',
  'migrations',
  'memberships',
  'runs',
  'participants',
  'outbox',
  'targetDatabases',
  'installations',
  'places',
  'unprepared',
  'outsideSteps',
  'retention',
  'sources',
];

export type ApiRow = Omit<Api, 'membership'>;

export interface SourceRow extends Source {
  readonly files: readonly FolderFile[];
}

export interface MigrationRow extends Omit<Migration, 'apiUuids'> {
  readonly plan: Plan | null;
  readonly isDeleted: boolean;
}

export interface MembershipRow extends Membership {
  readonly uuid: Uuid;
  readonly apiUuid: Uuid;
  readonly committedSchemaVersion: number | null;
  /** Of all rows, in the order in which they were made. */
  readonly order: number;
}

/** Times are milliseconds of the database's clock. */
export interface RunRow extends Run {
  readonly apis: readonly RunApi[];
  readonly order: number;
  readonly slot: RunSlot | null;
  /** Before which nobody begins it. */
  readonly notBefore: number | null;
  readonly heartbeatAt: number | null;
  readonly waitingSince: number | null;
  readonly inDoubtSince: number | null;
  readonly auditedAt: number | null;
  readonly events: readonly RunEvent[];
}

/** Of one attempt. */
export interface ParticipantsRow {
  readonly runUuid: Uuid;
  readonly attempt: number;
  readonly rows: readonly RunParticipant[];
}

export interface OutboxRow {
  readonly uuid: Uuid;
  readonly runUuid: Uuid;
  readonly createdAt: number;
  readonly dueAt: number | null;
  readonly claimedUntil: number | null;
  readonly sentAt: number | null;
}

export interface TargetDatabaseRow {
  readonly organizationUuid: Uuid;
  readonly endpointUuid: Uuid;
  readonly databaseKey: string;
  readonly lastUsedAt: number;
  /** Until then some worker has it. */
  readonly nextSweepAt: number;
}

export interface InstallationRow {
  readonly id: string;
}

/** A database in which a run of a plan could not be prepared. */
export interface UnpreparedRow extends UnpreparedDatabase {
  readonly migrationUuid: Uuid;
}

export interface PlaceRow {
  readonly place: string;
  readonly installationId: string;
}

/** Of one run, in their order. */
export interface OutsideStepsRow {
  readonly runUuid: Uuid;
  readonly steps: readonly OutsideStep[];
}

/** Who takes old history away. */
export interface RetentionRow {
  readonly owner: string | null;
  readonly claimedUntil: number;
}
