import type {
  AccessLevel,
  BrowserSession,
  Grants,
  GrantLevel,
  KeyScope,
  Organization,
  Origin,
  ResourceGrant,
  ResourceKind,
  Revocation,
  Robot,
  Subject,
  User,
} from '../access.js';
import type { AuditEntry, AuditLog } from './audit.js';
import type { Api, ApiDefinition, Binding, Member } from '../api.js';
import type { RunTuning } from '../backfill.js';
import type { Endpoint, EndpointKind } from '../endpoint.js';
import type { GateStanding } from '../gate.js';
import type { CallableHook, Hook, HookAction, HookAnswer } from '../hook.js';
import type { Ref, Uuid } from '../ids.js';
import type { JsonObject } from '../json.js';
import type { Labels, Migration, MigrationOptions } from '../migration.js';
import type { OrganizationChange } from '../organization-change.js';
import type { OutsideStep } from '../outside-step.js';
import type { DatabaseIdentity, Plan } from '../plan.js';
import type { RunSlot } from '../run-step.js';
import type { RunEvent } from '../run-events.js';
import type { RunHistory } from '../run-history.js';
import type { Run, RunApi, RunKind, RunResolution, RunState } from '../run.js';
import type { SchemaSnapshot } from '../schema-object.js';
import type { FolderFile, Source, SourceFile, SourceOptions } from '../source.js';
import type { Template, TemplateDefinition } from '../template.js';
import type { Webhook, WebhookDelivery, WebhookEventType, WebhookFormat, WebhookTarget } from '../webhook.js';
import type { IdentityStore, NewUser } from './identity-store.js';
import type { MigrationCounts, MigrationFilter, RunFilter, RunProgress } from './filters.js';
import type { Page, PageRequest } from './page.js';

/** Every method of this file may throw SERVICE_UNAVAILABLE when the control database is away (bounded: within 2 s). */

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

  /** What APIs bind on these endpoints. */
  apiTemplates(endpointUuids: readonly Uuid[]): Promise<readonly ApiTemplate[]>;

  /** @throws EdenError API_NOT_FOUND (context: api_id, suggestion) */
  api(ref: Ref): Promise<Api>;
  /** Without those of sources, unless `managed`. */
  apis(page: PageRequest, managed?: boolean): Promise<Page<Api>>;

  /** @throws EdenError MIGRATION_NOT_FOUND (context: migration_id, suggestion) */
  migration(ref: Ref): Promise<Migration>;
  migrations(page: PageRequest, filter?: MigrationFilter): Promise<Page<Migration>>;
  /** How many migrations are in each state, of those that the filter, but for its state, lets through. */
  migrationCounts(page: Pick<PageRequest, 'hidden'>, filter?: MigrationFilter): Promise<MigrationCounts>;
  /** The APIs of a migration by stage, then position. */
  members(migrationUuid: Uuid): Promise<readonly Member[]>;
  /** Another one as soon as anything changes that its work is made of: parameters, options, members, what they bind and use. */
  workVersion(migrationUuid: Uuid): Promise<string>;
  plan(migrationUuid: Uuid): Promise<Plan | null>;
  /** The databases in which a run of this very plan could not be prepared: why not, by the database's key. */
  unprepared(migrationUuid: Uuid, planHash: string): Promise<ReadonlyMap<string, string>>;
  /** The schemas of its databases as its last run has left them, as far as they are known. */
  schemas(migrationUuid: Uuid): Promise<readonly SchemaSnapshot[]>;
  /** Who changed each of these migrations, APIs, templates and endpoints last; of what nobody has changed, nothing. */
  lastChanges(uuids: readonly Uuid[]): Promise<readonly LastChange[]>;
  /** Who keeps these subjects, and who keeps them, and so on, by name; nobody keeps those that are not answered. */
  keptSubjects(usernames: readonly string[]): Promise<ReadonlyMap<string, KeptSubject>>;

  /** By id. */
  sources(migrationUuid: Uuid): Promise<readonly Source[]>;
  /** @throws EdenError SOURCE_NOT_FOUND (context: source_id) */
  source(migrationUuid: Uuid, ref: Ref): Promise<Source>;
  /** By path, without bytes. */
  sourceFileList(sourceUuid: Uuid): Promise<readonly SourceFile[]>;
  /** Of all files of a migration's sources, but for one of them, in bytes. */
  sourceBytes(migrationUuid: Uuid, without: Uuid | null): Promise<number>;
  /** By path. */
  sourceFiles(sourceUuid: Uuid): Promise<readonly FolderFile[]>;
  /** @throws EdenError SOURCE_FILE_NOT_FOUND (context: path) */
  sourceFile(sourceUuid: Uuid, path: string): Promise<FolderFile>;

  /** @throws EdenError RUN_NOT_FOUND (context: run_uuid) */
  run(uuid: Uuid): Promise<Run>;
  /** The APIs of a run with their bindings, in the order in which they run; none before it has started. */
  runApis(runUuid: Uuid): Promise<readonly RunApi[]>;
  /** Its steps outside the transaction, in their order; none of a run that has not come to them. */
  outsideSteps(runUuid: Uuid): Promise<readonly OutsideStep[]>;
  runs(migrationUuid: Uuid, page: PageRequest): Promise<Page<Run>>;
  /** Of all migrations; what `hidden` names are migrations. */
  allRuns(page: PageRequest, filter?: RunFilter): Promise<Page<Run>>;
  /** Those that have not ended, of all migrations. */
  openRuns(page: Pick<PageRequest, 'hidden'>): Promise<readonly Run[]>;
  /** How far each of these runs has got. */
  runProgress(runs: readonly Run[]): Promise<ReadonlyMap<Uuid, RunProgress>>;
  /** @param not The latest of those that are not in this state */
  latestRun(migrationUuid: Uuid, kind?: RunKind, not?: RunState): Promise<Run | null>;
  /** The latest run of each of these migrations that has one. */
  latestRuns(migrationUuids: readonly Uuid[]): Promise<ReadonlyMap<Uuid, Run>>;
  /** Ascending, those after the given sequence; all of them, or that many. */
  runEvents(runUuid: Uuid, afterSequence: number, limit?: number): Promise<readonly RunEvent[]>;
  /** What the phases and attempts of a run are told from. */
  runHistory(runUuid: Uuid): Promise<RunHistory>;

  /** People only. @throws EdenError USER_NOT_FOUND (context: user_id) */
  user(ref: Ref): Promise<User>;
  users(page: PageRequest): Promise<Page<User>>;

  /** @throws EdenError HOOK_NOT_FOUND (context: hook_id) */
  hook(ref: Ref): Promise<Hook>;
  hooks(page: PageRequest): Promise<Page<Hook>>;

  /** @throws EdenError WEBHOOK_NOT_FOUND (context: webhook_uuid) */
  webhook(uuid: Uuid): Promise<Webhook>;
  webhooks(page: PageRequest): Promise<Page<Webhook>>;
  webhookDeliveries(webhookUuid: Uuid, page: PageRequest): Promise<Page<WebhookDelivery>>;
  /** @throws EdenError ROBOT_NOT_FOUND (context: robot_id) */
  robot(ref: Ref): Promise<Robot>;
  robots(page: PageRequest): Promise<Page<Robot>>;
  /**
   * A user, a robot, or a subject of the identity provider that has had a grant. What the provider says of that one is
   * not known here: it counts as having the highest level. @throws EdenError USER_NOT_FOUND (context: user_id)
   */
  member(ref: Ref): Promise<User>;

  revocations(page: PageRequest): Promise<Page<Revocation>>;

  /** @throws EdenError ENDPOINT_NOT_FOUND, TEMPLATE_NOT_FOUND, API_NOT_FOUND, MIGRATION_NOT_FOUND */
  resource(kind: ResourceKind, ref: Ref): Promise<Resource>;
  /** By name. */
  grantsOn(resource: Uuid): Promise<readonly ResourceGrant[]>;
  /** Of a user or a robot. */
  grantsOf(user: Uuid): Promise<Grants>;
}

/** Whoever makes something has changed it, too. */
export interface LastChange {
  readonly resource: Uuid;
  readonly actor: string;
  readonly at: Date;
}

/** A user or a robot that others have made, or have had the key or the password of. */
export interface KeptSubject {
  readonly isRobot: boolean;
  readonly keepers: readonly { readonly name: string; readonly isSuperAdmin: boolean }[];
}

/** A binding of an API, with its template. */
export interface ApiTemplate {
  readonly apiUuid: Uuid;
  readonly apiId: string;
  readonly template: Template;
  readonly fields: JsonObject;
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
  /** Absent: none. */
  readonly labels?: Labels;
  /** Absent: none. */
  readonly notes?: string | null;
  readonly createdBy: string;
}

/** What of a migration can be changed. */
export type MigrationChanges = Changes<Omit<NewMigration, 'id' | 'createdBy'>>;

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
  /** Of a sync; absent: no. */
  readonly rehearse?: boolean;
  /** Of the request; absent or null where nobody traces. */
  readonly traceparent?: string | null;
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
  /** Voids the plan, unless it is history because the migration is completed, or all is a remark. @throws EdenError RUN_IN_PROGRESS */
  updateMigration(uuid: Uuid, changes: MigrationChanges): Promise<Migration>;
  /** In place of an earlier approval. */
  approvePlan(uuid: Uuid, planHash: string, approvedBy: string): Promise<Migration>;
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
  /** As `cancelRun`: → `paused`, without owner. False = it has come to its atomic part, or is none that is paused. */
  pauseRun(run: Run, actor: string): Promise<boolean>;
  /** paused → queued, and called (outbox). False = it is not paused. */
  resumeRun(run: Run, actor: string): Promise<boolean>;
  /** What differs from the migration's options from now on. */
  tuneRun(run: Run, actor: string, tuning: RunTuning): Promise<void>;
  /**
   * Ends a run in doubt: `commit` as T3 would (with what T2 does to the definitions, where it has not been), `abort` as
   * failed, with the definitions as they were; `retry` gives it back to the workers, for another try at the steps that it was in doubt
   * about. @throws EdenError RUN_NOT_IN_DOUBT
   */
  resolveRun(run: Run, resolution: RunResolution): Promise<void>;

  /** @throws EdenError USER_EXISTS */
  insertUser(user: NewUser): Promise<User>;
  updateUser(uuid: Uuid, changes: Changes<Omit<NewUser, 'username'>>): Promise<User>;
  /** @throws EdenError LAST_SUPER_ADMIN */
  deleteUser(uuid: Uuid): Promise<void>;

  /** @throws EdenError HOOK_EXISTS */
  insertHook(hook: NewHook): Promise<Hook>;
  /** The secret so far counts for `overlapSeconds` more; the one before it no longer. */
  rotateHook(uuid: Uuid, secret: string, overlapSeconds: number): Promise<Hook>;
  deleteHook(uuid: Uuid): Promise<void>;
  /**
   * Null for the first call that was signed like this, which has to be answered in this transaction; what that one was
   * answered, for every other. Waits for one that is under way.
   */
  beginHookCall(hookUuid: Uuid, digest: string): Promise<HookAnswer | null>;
  answerHookCall(hookUuid: Uuid, digest: string, answer: Omit<HookAnswer, 'at'>): Promise<HookAnswer>;

  insertWebhook(webhook: NewWebhook): Promise<Webhook>;
  /** With its deliveries: nothing is sent to it any more. */
  deleteWebhook(uuid: Uuid): Promise<void>;
  /** Tells the webhook that this is a test. */
  insertWebhookTest(webhookUuid: Uuid): Promise<WebhookDelivery>;
  /** Once more, from now on, for another day. @throws EdenError DELIVERY_NOT_FOUND */
  redeliver(webhookUuid: Uuid, deliveryUuid: Uuid): Promise<WebhookDelivery>;
  /** @throws EdenError USER_EXISTS: robots and people share their names */
  insertRobot(robot: NewRobot): Promise<Robot>;
  /** The key before it is worth nothing from here on. */
  replaceKey(uuid: Uuid, key: RobotKey): Promise<Robot>;
  deleteRobot(uuid: Uuid): Promise<void>;

  /**
   * The members, in their order, held until the transaction ends: nobody else changes their grants meanwhile. Subjects
   * of the identity provider need not have been here. @throws EdenError USER_NOT_FOUND (context: user_id)
   */
  grantees(refs: readonly Ref[]): Promise<readonly User[]>;
  /** In place of what the grantees had on it before. @throws EdenError GRANTS_EXCEEDED */
  putGrants(resource: Resource, grants: readonly NewGrant[]): Promise<void>;
  /** Those on the given resources. */
  copyGrants(from: Uuid, to: Uuid, resources: readonly Uuid[]): Promise<void>;
  /** False when there was none. */
  deleteGrant(resource: Uuid, userUuid: Uuid): Promise<boolean>;

  /** The one that is there, for somebody who was revoked before. */
  revokeSubject(revocation: Pick<Revocation, 'subject' | 'reason' | 'revokedBy'>): Promise<Revocation>;
  /** @throws EdenError REVOCATION_NOT_FOUND */
  deleteRevocation(uuid: Uuid): Promise<Revocation>;

  /** Appends to the audit: who did what to what. */
  audit(entry: AuditEntry): Promise<void>;
}

export interface NewHook {
  readonly id: string;
  readonly migrations: readonly string[];
  readonly actions: readonly HookAction[];
  readonly secret: string;
  readonly createdBy: string;
}

export interface NewWebhook {
  readonly target: WebhookTarget;
  readonly format: WebhookFormat;
  readonly events: readonly WebhookEventType[];
  readonly createdBy: string;
}

/** The hash of a key, and how long it is good for; null = until it is replaced. */
export interface RobotKey {
  readonly hash: Uint8Array;
  /** Absent: as long as the key before. */
  readonly seconds?: number | null | undefined;
}

export interface NewRobot extends Omit<NewUser, 'passwordHash'> {
  readonly scopes: readonly KeyScope[];
  readonly key: RobotKey;
}

/** What grants are given on. */
export interface Resource {
  readonly kind: ResourceKind;
  readonly uuid: Uuid;
  readonly id: string;
}

export interface NewGrant {
  readonly userUuid: Uuid;
  readonly level: GrantLevel;
}

/** The one place where queries get their organization. */
export interface OrganizationStore extends OrganizationReader {
  /**
   * Notes that from now on somebody may execute the API without gates, because it is in no migration. Whoever adds it
   * to one has done so before, or finds the note.
   */
  touchApi(uuid: Uuid): Promise<void>;
  /**
   * Runs the work in one transaction; any error rolls it back.
   * @param bytes About as much as it writes, where that is much: so much longer it may take.
   */
  transact<T>(work: (tx: OrganizationTransactor) => Promise<T>, bytes?: number): Promise<T>;
}

/** A key, as whoever has reserved it holds it: who takes it over has another token. */
export interface HeldKey {
  readonly key: string;
  readonly token: Uuid;
}

export type IdempotencyReservation =
  | { readonly state: 'reserved'; readonly held: HeldKey }
  | { readonly state: 'answered'; readonly status: number; readonly body: JsonObject }
  | { readonly state: 'in progress' };

/** `Idempotency-Key` (contract section 2): rows live for 24 h. */
export interface IdempotencyStore {
  /** @throws EdenError IDEMPOTENCY_KEY_REUSED when the key came with another request hash */
  reserve(subject: Subject, key: string, requestHash: string): Promise<IdempotencyReservation>;
  /** The request is still at work: a reservation that is not renewed for a minute is free for the next one. */
  renew(subject: Subject, held: HeldKey): Promise<void>;
  /** Does nothing, as `renew` and `forget` do, once somebody else has taken the key over. */
  answer(subject: Subject, held: HeldKey, status: number, body: JsonObject): Promise<void>;
  /** Gives the key back after a request that changed nothing (it may be tried again). */
  forget(subject: Subject, held: HeldKey): Promise<void>;
}

/** Those who wait for a migration to get somewhere. */
export interface GateQuestion {
  readonly organizationUuid: Uuid;
  readonly ref: Ref;
  /** Null = there is no such migration. */
  readonly isOver: (standing: GateStanding | null) => boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface ControlStore {
  readonly identity: IdentityStore;
  readonly idempotency: IdempotencyStore;
  /** Before an organization is known; null for one that is not there. */
  findHook(uuid: Uuid): Promise<CallableHook | null>;
  /**
   * Where the migration stands once the question is over, or when the time is, or the signal aborts. Thousands of
   * questions cost one query for each change of what they ask for, by whichever process it is made.
   * @throws EdenError SERVICE_UNAVAILABLE when the first look fails; later ones are waited for
   */
  waitAtGate(question: GateQuestion): Promise<GateStanding | null>;
  organization(uuid: Uuid): OrganizationStore;
  /** The audit of an organization. */
  audit(organizationUuid: Uuid): AuditLog;
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
  /**
   * What changes in an organization, as it does, until the signal aborts: runs that have moved, migrations that were made,
   * changed or deleted. After `since` first what has changed from then on, perhaps again. An empty batch now and then.
   */
  followOrganization(
    organizationUuid: Uuid,
    follow: { readonly since: Date | null; readonly signal: AbortSignal },
  ): AsyncIterable<readonly OrganizationChange[]>;
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
