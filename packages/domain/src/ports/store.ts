import type { AccessLevel, Organization, Subject, User } from '../access.js';
import type { Api, ApiDefinition, Binding, Member } from '../api.js';
import type { Endpoint, EndpointKind } from '../endpoint.js';
import type { Ref, Uuid } from '../ids.js';
import type { JsonObject } from '../json.js';
import type { Migration, MigrationOptions } from '../migration.js';
import type { DatabaseIdentity, Plan } from '../plan.js';
import type { RunSlot } from '../run-machine.js';
import type { RunEvent } from '../run-events.js';
import type { Run, RunApi, RunKind, RunResolution } from '../run.js';
import type { FolderFile, Source, SourceFile, SourceOptions } from '../source.js';
import type { Template, TemplateDefinition } from '../template.js';

/** Every method of this file may throw SERVICE_UNAVAILABLE when the control database is away (bounded: within 2 s). */

export interface PageRequest {
  /** 1..200 */
  readonly limit: number;
  /** Opaque; as given by the page before. @throws EdenError VALIDATION_FAILED when it is not one of ours. */
  readonly cursor: string | null;
}

/** Newest first. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Reads of one organization. A ref is an id or a uuid; what belongs to others is simply not there. */
export interface OrganizationReader {
  /** @throws EdenError ENDPOINT_NOT_FOUND (context: endpoint_id, suggestion) */
  endpoint(ref: Ref): Promise<Endpoint>;
  endpoints(page: PageRequest): Promise<Page<Endpoint>>;
  endpointsByUuid(uuids: readonly Uuid[]): Promise<ReadonlyMap<Uuid, Endpoint>>;
  /** The databases that unfinished runs have reached through the endpoint. */
  databasesOfRuns(endpointUuid: Uuid): Promise<readonly DatabaseOfRun[]>;

  /** @throws EdenError TEMPLATE_NOT_FOUND (context: template_id, suggestion: the guide's words) */
  template(ref: Ref): Promise<Template>;
  templates(page: PageRequest): Promise<Page<Template>>;
  /** The uuid of each, in one query. @throws EdenError TEMPLATE_NOT_FOUND for the first that is not there */
  templateUuids(refs: readonly Ref[]): Promise<readonly Uuid[]>;
  templatesByUuid(uuids: readonly Uuid[]): Promise<ReadonlyMap<Uuid, Template>>;
  /** Ids of the APIs and migrations that bind the template. */
  templateUsers(uuid: Uuid): Promise<{ readonly apis: readonly string[]; readonly migrations: readonly string[] }>;

  /** @throws EdenError API_NOT_FOUND (context: api_id, suggestion) */
  api(ref: Ref): Promise<Api>;
  /** Without those of sources, unless `managed`. */
  apis(page: PageRequest, managed?: boolean): Promise<Page<Api>>;

  /** @throws EdenError MIGRATION_NOT_FOUND (context: migration_id, suggestion) */
  migration(ref: Ref): Promise<Migration>;
  migrations(page: PageRequest): Promise<Page<Migration>>;
  /** The APIs of a migration by stage, then position. */
  members(migrationUuid: Uuid): Promise<readonly Member[]>;
  plan(migrationUuid: Uuid): Promise<Plan | null>;
  /** The databases in which a run of this very plan could not be prepared: why not, by the database's key. */
  unprepared(migrationUuid: Uuid, planHash: string): Promise<ReadonlyMap<string, string>>;

  /** By id. */
  sources(migrationUuid: Uuid): Promise<readonly Source[]>;
  /** @throws EdenError SOURCE_NOT_FOUND (context: source_id) */
  source(migrationUuid: Uuid, ref: Ref): Promise<Source>;
  /** By path, without bytes. */
  sourceFileList(sourceUuid: Uuid): Promise<readonly SourceFile[]>;
  /** By path. */
  sourceFiles(sourceUuid: Uuid): Promise<readonly FolderFile[]>;
  /** @throws EdenError SOURCE_FILE_NOT_FOUND (context: path) */
  sourceFile(sourceUuid: Uuid, path: string): Promise<FolderFile>;

  /** @throws EdenError RUN_NOT_FOUND (context: run_uuid) */
  run(uuid: Uuid): Promise<Run>;
  /** The APIs of a run with their bindings, in the order in which they run; none before it has started. */
  runApis(runUuid: Uuid): Promise<readonly RunApi[]>;
  runs(migrationUuid: Uuid, page: PageRequest): Promise<Page<Run>>;
  latestRun(migrationUuid: Uuid, kind?: RunKind): Promise<Run | null>;
  /** The latest run of each of these migrations that has one. */
  latestRuns(migrationUuids: readonly Uuid[]): Promise<ReadonlyMap<Uuid, Run>>;
  /** Ascending, those after the given sequence. */
  runEvents(runUuid: Uuid, afterSequence: number): Promise<readonly RunEvent[]>;

  /** @throws EdenError USER_NOT_FOUND (context: user_id) */
  user(ref: Ref): Promise<User>;
  users(page: PageRequest): Promise<Page<User>>;
}

/** A database that an unfinished run has to come back to. */
export interface DatabaseOfRun {
  readonly runUuid: Uuid;
  readonly database: DatabaseIdentity;
}

export interface NewEndpoint {
  readonly id: string;
  readonly kind: EndpointKind;
  readonly description: string | null;
  readonly config: JsonObject;
}

export interface NewTemplate extends TemplateDefinition {
  readonly id: string;
  readonly description: string | null;
  readonly endpointUuid: Uuid;
}

export interface NewApi extends ApiDefinition {
  readonly id: string;
  readonly description: string | null;
}

export interface NewMigration {
  readonly id: string;
  readonly description: string | null;
  readonly parameters: JsonObject;
  readonly options: MigrationOptions;
  readonly createdBy: string;
}

export interface NewMembership {
  readonly apiUuid: Uuid;
  readonly migrationUuid: Uuid;
  readonly stage: number;
  readonly bindings: readonly Binding[];
  readonly next: Partial<ApiDefinition> | null;
}

export interface NewSource {
  readonly id: string;
  readonly apiId: string;
  readonly migrationUuid: Uuid;
  readonly endpointUuid: Uuid;
  readonly tool: Source['tool'];
  readonly stage: number;
  readonly options: SourceOptions;
  readonly digest: string;
  readonly files: readonly FolderFile[];
}

export interface NewRun {
  readonly migrationUuid: Uuid;
  readonly kind: RunKind;
  /** `behind` = starts when the active sync has succeeded, fails when that fails. */
  readonly slot: RunSlot;
  readonly actor: string;
  readonly overrides: JsonObject;
}

/** The changes that `update…` accepts: absent = as it is. */
export type Changes<T> = { readonly [K in keyof T]?: T[K] | undefined };

/**
 * Writes of one organization; exists only inside `transact`, so that a write outside a transaction does not compile.
 * Unique and foreign keys are constraints of the database: what breaks one becomes the typed error named here.
 */
export interface OrganizationTransactor extends OrganizationReader {
  /** @throws EdenError ENDPOINT_EXISTS */
  insertEndpoint(endpoint: NewEndpoint): Promise<Endpoint>;
  updateEndpoint(uuid: Uuid, changes: Changes<Pick<NewEndpoint, 'description' | 'config'>>): Promise<Endpoint>;
  /** @throws EdenError ENDPOINT_IN_USE (context: templates) */
  deleteEndpoint(uuid: Uuid): Promise<void>;

  /** @throws EdenError TEMPLATE_EXISTS */
  insertTemplate(template: NewTemplate): Promise<Template>;
  /**
   * Raises the version; voids the plans of migrations that bind it, but for those from T1 on, which are history.
   * @throws EdenError RUN_IN_PROGRESS when it would move to another endpoint under an unfinished run that uses it
   */
  updateTemplate(uuid: Uuid, changes: Changes<Omit<NewTemplate, 'id'>>): Promise<Template>;
  /** @throws EdenError TEMPLATE_IN_USE (context: apis, migrations) */
  deleteTemplate(uuid: Uuid): Promise<void>;

  /** @throws EdenError API_EXISTS */
  insertApi(api: NewApi): Promise<Api>;
  /** Raises schemaVersion when fields or bindings change. */
  updateApi(uuid: Uuid, changes: Changes<Omit<NewApi, 'id'>>): Promise<Api>;
  /** @throws EdenError API_IN_USE (context: migration_id) while its membership is active */
  deleteApi(uuid: Uuid): Promise<void>;

  /** @throws EdenError MIGRATION_EXISTS */
  insertMigration(migration: NewMigration): Promise<Migration>;
  /** Voids the plan, unless it is history because the migration is completed. @throws EdenError RUN_IN_PROGRESS */
  updateMigration(
    uuid: Uuid,
    changes: Changes<Pick<NewMigration, 'description' | 'parameters' | 'options'>>,
  ): Promise<Migration>;
  /** Frees its APIs, which keep their membership as history. @throws EdenError RUN_IN_PROGRESS */
  deleteMigration(uuid: Uuid): Promise<void>;

  /** Voids the plan. @throws EdenError API_HAS_MIGRATION (guide), RUN_IN_PROGRESS, MIGRATION_STATE when Completed */
  attachApi(membership: NewMembership): Promise<void>;
  /** Voids the plan. @throws EdenError API_NOT_IN_MIGRATION, RUN_IN_PROGRESS */
  detachApi(migrationUuid: Uuid, apiUuid: Uuid): Promise<void>;

  /**
   * The source with its API, its membership and its files; voids the plan.
   * @throws EdenError API_EXISTS, RUN_IN_PROGRESS, MIGRATION_STATE when Completed
   */
  insertSource(source: NewSource): Promise<Source>;
  /** As a whole, but for its id and its API; voids the plan. @throws EdenError RUN_IN_PROGRESS, MIGRATION_STATE */
  replaceSource(source: Source, replacement: Omit<NewSource, 'id' | 'apiId'>): Promise<Source>;
  /** With its API and its files; voids the plan. @throws EdenError RUN_IN_PROGRESS */
  deleteSource(source: Source): Promise<void>;

  /**
   * Run row, `queued` event and outbox row. Locks the migration row first, so that the guards below hold.
   * @throws EdenError RUN_IN_PROGRESS when the slot is taken
   */
  insertRun(run: NewRun): Promise<Run>;
  /** The unfinished runs of a migration: the active one, and the one behind it. Locks the migration row. */
  unfinishedRuns(migrationUuid: Uuid): Promise<readonly Run[]>;
  /**
   * Compare-and-set of one of them, read under that lock: ended at once where it has touched nothing, else `aborting`
   * with a raised epoch and without owner. False = it is past its commit point, or ends as failed anyway.
   */
  cancelRun(run: Run, actor: string): Promise<boolean>;
  /**
   * Ends a run in doubt: `commit` as T3 would (with what T2 does to the definitions, where it has not been), `abort` as
   * failed, with the definitions as they were. @throws EdenError RUN_NOT_IN_DOUBT
   */
  resolveRun(run: Run, resolution: RunResolution): Promise<void>;

  /** @throws EdenError USER_EXISTS */
  insertUser(user: NewUser): Promise<User>;
  updateUser(uuid: Uuid, changes: Changes<Omit<NewUser, 'username'>>): Promise<User>;
  /** @throws EdenError LAST_SUPER_ADMIN */
  deleteUser(uuid: Uuid): Promise<void>;

  /** Appends to the audit: who did what to what. */
  audit(entry: AuditEntry): Promise<void>;
}

export interface AuditEntry {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly data: JsonObject;
}

export interface NewUser {
  readonly username: string;
  readonly description: string | null;
  readonly accessLevel: AccessLevel;
  readonly passwordHash: string;
}

/** The one place where queries get their organization. */
export interface OrganizationStore extends OrganizationReader {
  /** Runs the work in one transaction; any error rolls it back. */
  transact<T>(work: (tx: OrganizationTransactor) => Promise<T>): Promise<T>;
}

/** Lookups that happen before an organization is known. */
export interface IdentityStore {
  /** @throws EdenError ORGANIZATION_EXISTS */
  createOrganization(organization: {
    readonly id: string;
    readonly description: string | null;
    readonly superAdmins: readonly NewUser[];
  }): Promise<Organization>;
  findLogin(
    organizationRef: Ref,
    username: string,
  ): Promise<{ readonly subject: Subject; readonly passwordHash: string } | null>;
  /** By the clock of the control database, which dates logins and changes of passwords for all gateways. */
  now(): Promise<Date>;
  /**
   * Live membership, null when the user is gone, the token (`jti`) was revoked, or the password was changed after the
   * login that the token comes from. One query.
   */
  authenticate(userUuid: Uuid, jti: string, loggedInAt: Date): Promise<Subject | null>;
  revokeToken(jti: string, expiresAt: Date): Promise<void>;
}

export type IdempotencyReservation =
  | { readonly state: 'reserved' }
  | { readonly state: 'answered'; readonly status: number; readonly body: JsonObject }
  | { readonly state: 'in progress' };

/** `Idempotency-Key` (contract section 2): rows live for 24 h. */
export interface IdempotencyStore {
  /** @throws EdenError IDEMPOTENCY_KEY_REUSED when the key came with another request hash */
  reserve(subject: Subject, key: string, requestHash: string): Promise<IdempotencyReservation>;
  answer(subject: Subject, key: string, status: number, body: JsonObject): Promise<void>;
  /** Gives the key back after a request that changed nothing (it may be tried again). */
  forget(subject: Subject, key: string): Promise<void>;
}

export interface ControlStore {
  readonly identity: IdentityStore;
  readonly idempotency: IdempotencyStore;
  organization(uuid: Uuid): OrganizationStore;
  /**
   * The run once it is finished, or as it is after `timeoutMs`. Woken by NOTIFY, with a poll behind it.
   * Gives up when the signal aborts.
   */
  waitForRun(organizationUuid: Uuid, runUuid: Uuid, timeoutMs: number, signal?: AbortSignal): Promise<Run>;
  /**
   * The events of a run behind the sequence `after`, in order and each once, as they come: up to the run's end or until
   * the signal aborts. An empty batch now and then, while nothing comes or the control database is away.
   */
  followRun(
    organizationUuid: Uuid,
    follow: { readonly runUuid: Uuid; readonly after: number; readonly signal: AbortSignal },
  ): AsyncIterable<readonly RunEvent[]>;
  /** @throws EdenError SERVICE_UNAVAILABLE */
  check(): Promise<void>;
  /**
   * Whether the control database has the schema of this version; more, as of a later version, is fine.
   * @throws EdenError SERVICE_UNAVAILABLE (context: missing_migrations, unless the database is away)
   */
  checkSchema(): Promise<void>;
  /**
   * Whether the installation knows the place where this process reaches the control database. Where it does not, it may
   * be a copy: nothing may be written, run or settled. Asked once, and then until it is known.
   * @throws EdenError SERVICE_UNAVAILABLE (context: unknown_place, unless the database is away)
   */
  checkPlace(): Promise<void>;
}
