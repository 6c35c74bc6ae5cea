import type { BatchCheckpoint, BatchWork, TargetPressure } from '../backfill.js';
import type { Endpoint, EndpointKind } from '../endpoint.js';
import { EdenError } from '../errors.js';
import type { Uuid } from '../ids.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { LintFinding, TextLint } from '../lint.js';
import type { AtomicityClass, DatabaseIdentity, EnumValue, UsedEnumValue } from '../plan.js';
import type { Blocked, Notice } from '../run-events.js';
import type { SchemaObject } from '../schema-object.js';
import type { Expectation } from '../template.js';
import type { BoundText } from './templates.js';
import type { RecordStep } from './sources.js';
import type { Statement } from './templates.js';

export interface StatementResult {
  readonly rows: readonly JsonObject[];
  /** Rows returned or affected by the last statement of the text, whether `rows` holds them or not. */
  readonly rowCount: number;
}

export interface StatementLimits {
  /** Longest run of the statement; 0 or absent = the adapter's default. */
  readonly timeoutMs?: number;
  /** Longest wait for a lock inside the target. */
  readonly lockTimeoutMs?: number;
  /** How often what a target is too busy for is tried again, where that is its own matter: a request's. */
  readonly retries?: number;
  /** Nobody wants its rows: they are dropped as they stream and do not count, only `rowCount` tells of them. */
  readonly rows?: 'discard';
  /** It is a statement of the service itself, and leaves the settings of the session as they are. */
  readonly keepsSettings?: true;
}

/** What `POST /endpoints/{e}/test` and sync learn about a target. */
export interface TargetReport {
  readonly latencyMs: number;
  readonly serverVersion: string;
  readonly identity: DatabaseIdentity;
  readonly role: string;
  /** `2pc` when transactions can be prepared here, else `one-phase`. */
  readonly class: AtomicityClass;
  readonly schemaFingerprint: string;
}

/** Whether transactions can be prepared on a server now. */
export interface Preparing {
  readonly possible: boolean;
  /** How many the server keeps at once, of everybody; 0: none. */
  readonly maxPreparedTransactions: number;
  readonly slotsFree: number;
  /** Why not, each with what to do about it. */
  readonly reasons: readonly string[];
}

/** What a target says of itself before a run, beside its schema. */
export interface TargetSurvey {
  readonly preparing: Preparing;
  /** What may cut a run short, or make it wait. */
  readonly findings: readonly LintFinding[];
  /** Why what the statement sets off here (a trigger) cannot be prepared, each with what to do about it; empty = it can. */
  whyUnprepared(statement: Statement): Promise<readonly string[]>;
}

/** Around a statement that is looked at. */
export interface AnalysisContext {
  /** Values that others add to enums before it, in the same transaction. */
  readonly newEnumValues?: readonly EnumValue[];
  /** Ends the look at a long text. */
  readonly signal?: AbortSignal;
}

/** What becomes of a text that runs statement by statement, outside the migration's transaction. */
export interface OutsideAnalysis {
  /** What takes back all that it does, where its own statements tell; null where only a rollback can. */
  readonly undo: string | null;
  /** Why it cannot run outside; empty = it can. */
  readonly refusals: readonly string[];
  /** Tables on which it builds indexes concurrently, when that is all that keeps it out of a transaction; else null. */
  readonly indexedTables: readonly string[] | null;
  /** What it answers is there for outputs and expectations. */
  readonly isAnswered?: true;
}

export interface StatementAnalysis {
  readonly class: AtomicityClass;
  readonly findings: readonly LintFinding[];
  /** What rules say of it; absent where the kind has none. */
  readonly lint?: TextLint;
  /** Reasons why the statement must not run in a migration (transaction control, SET ROLE, …); empty = fine. */
  readonly refusals: readonly string[];
  /** Of a text as it is: values that it adds to enums, which nothing in the same transaction can use. */
  readonly addedEnumValues?: readonly EnumValue[];
  /** Of a text as it is: those that it uses among the values that it was asked about. */
  readonly usedEnumValues?: readonly UsedEnumValue[];
  readonly outside: OutsideAnalysis;
  /** Tables that it makes. */
  readonly createdTables: readonly string[];
}

/** The gate of one API (protocol I6) as the reader knows it. */
export interface Gate {
  readonly apiUuid: Uuid;
  readonly schemaVersion: number;
}

/** The gate as an execution goes through it. */
export interface ReaderGate extends Gate {
  /** What the last migration of the database wrote into it: a standby that has less lags behind. Absent: none has. */
  readonly committedVersion?: number;
  /**
   * `take`, the default: shared, for as long as the transaction. `watch`: another transaction of the execution has taken
   * it, or no migration can come; on a primary there is nothing to look at.
   */
  readonly mode?: 'take' | 'watch';
}

export interface ExecutionOptions {
  /** Refuses writes in the target itself (Read templates). */
  readonly readOnly: boolean;
  /** The API's gate: shared advisory lock, then read, before anything else. Null: no migration was or is there. */
  readonly gate: ReaderGate | null;
  /** Bound of every lock wait and statement of this execution, in milliseconds. */
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** How long the session may do nothing while it is in the gate; 0: for ever. Whoever is stopped there must not stay. */
  readonly idleTimeoutMs: number;
  /**
   * The same however often the execution is tried, for what no transaction takes back: whoever has done it under this name
   * does not do it again. Absent: it is tried once.
   */
  readonly execution?: string;
}

/**
 * `newer` = the target's gate is ahead of the definition: reload it and start again. `behind` = the target is a standby
 * that has not replayed yet what fits the definition: start again later.
 */
export type GateAnswer = 'open' | 'newer' | 'behind';

/** All that an execution does, and it only reads. */
export interface LoneStatement {
  readonly statement: Statement;
  /** The same with its values beside it, where that can be. */
  readonly bound?: BoundText | null;
  readonly limits: StatementLimits;
  /** The same for statements of which one tells how the next will behave. */
  readonly name: string;
}

/** One transaction of an API execution on one endpoint. */
export interface ExecutionSession {
  /** Takes the gate. With more than one endpoint, callers enter in ascending order of database identity. */
  enter(): Promise<GateAnswer>;
  /** After `enter` has taken a gate: whether a standby answers, where it can only be looked at (protocol I32). */
  readonly isOnStandby: boolean;
  run(statement: Statement, limits?: StatementLimits): Promise<StatementResult>;
  /**
   * `enter`, the only `run` and `commit` in one round trip. For what is read-only and has no other session beside it:
   * there is nothing to decide between the statement and the commit, and nothing to undo when the gate is newer.
   */
  readOnce(statement: Statement, limits?: StatementLimits): Promise<StatementResult | Exclude<GateAnswer, 'open'>>;
  /**
   * Between the last `run` and `commit`, or after a `run` that has failed: on a standby, whether the gate fits, and is still
   * as it was before the first statement, so that nothing of a migration was replayed in between. On a primary nothing is
   * sent.
   */
  confirm(): Promise<GateAnswer>;
  commit(): Promise<void>;
  /** Rolls back and gives the connection back; idempotent, never throws. */
  abandon(): Promise<void>;
}

export interface ParticipantSpec {
  readonly installation: string;
  readonly runUuid: Uuid;
  readonly migrationUuid: Uuid;
  readonly epoch: number;
  /** Of the attempt. */
  readonly token: string;
  /** Number of the participant within the run. */
  readonly number: number;
  /** Gates to close, each with the schema version that the migration gives its API. */
  readonly gates: readonly Gate[];
  /** Longest wait for the run lock and for each gate. */
  readonly gateTimeoutMs: number;
  /** Longest wait of a statement for a lock, where its limits name none. Whoever queues up behind it waits as long. */
  readonly lockTimeoutMs: number;
  /** Called during a wait for a lock when those who have it are known, with what the error would say of them. */
  readonly onBlocked: (blocked: Blocked) => void;
  /** Called with what the database says beside its answers, a bounded number of times for each statement. */
  readonly onNotice: (notice: Notice | FurtherNotices) => void;
}

/** A statement has said so much more than was passed on. */
export interface FurtherNotices {
  readonly further: number;
}

/** A target has a ledger row of the run already: it has been committed, by an attempt that was forgotten since. */
export class CommittedBefore extends Error {
  override readonly name = 'CommittedBefore';

  constructor(
    /** Of the attempt that has committed. */
    readonly token: string,
  ) {
    super('the run has been committed before');
  }
}

/**
 * What the transaction has done cannot be prepared, whenever it is tried: a trigger or a function did what no statement
 * shows. It can still be committed in one phase.
 */
export class CannotBePrepared extends EdenError {}

/** A target that keeps no record of steps has refused one, or was not reached: of this try nothing is there. */
export class NothingDone extends EdenError {}

/** What a transaction holds and has cost so far, as its server tells it. */
export interface TransactionObservation {
  /** On tables, partitions among them. */
  readonly locks: readonly { readonly object: string; readonly mode: string }[];
  /** How far its server's log has come, in bytes. */
  readonly walPosition: number;
}

/** A statement that is sent before those in front of it are answered. */
export interface AheadStatement {
  readonly statement: Statement;
  /** But for `rows` the same as of the others that are sent with it. */
  readonly limits: StatementLimits;
  /** Called when the database comes to it: what it says from there on, it says of this one. */
  begins(): void;
}

/** A transaction that takes part in the atomic commit: one dedicated session per run and database. */
export interface ParticipantSession {
  readonly preparedId: string;
  /**
   * BEGIN, the run lock and every gate (exclusive, ascending), the fence, and a look at the ledger.
   * @throws CommittedBefore
   * @throws EdenError FENCED when a newer epoch was there, LOCK_TIMEOUT (context: blockers) when a gate stays taken.
   */
  begin(): Promise<void>;
  /** Takes a random lock, to the end of the transaction: whoever sees it is in this database (`findProof`). */
  holdProof(): Promise<string>;
  /** @throws EdenError TEMPLATE_EXECUTION_FAILED, retryable when the target says that the same may pass later */
  run(statement: Statement, limits?: StatementLimits): Promise<StatementResult>;
  /**
   * Sends as many of the statements as it may without waiting for answers in between, in their order, each within a savepoint
   * that is gone once it has succeeded; answers what becomes of each of these. What it has not sent, which may be all, is for
   * `run`. Nothing is done behind one that fails: the promises behind it reject, too, and its savepoint is the one that is there,
   * as after `savepoint` and `run`. Nothing else is asked of the session until the last of them, or the first that fails, is settled.
   */
  sendAhead(statements: readonly AheadStatement[]): Promise<readonly Promise<StatementResult>[]>;
  /** Null of a kind that does not tell. */
  observe(): Promise<TransactionObservation | null>;
  savepoint(): Promise<void>;
  rollbackToSavepoint(): Promise<void>;
  releaseSavepoint(): Promise<void>;
  /**
   * Ledger row and gate rows, the check that transaction id and user are those of BEGIN, PREPARE TRANSACTION.
   * Only the command tag PREPARE TRANSACTION counts.
   * @throws CannotBePrepared
   */
  prepare(): Promise<void>;
  /**
   * What `prepare` does but for PREPARE TRANSACTION, for a last resource; deferred constraints are checked now, so that
   * all that can fail does so before the decision. Only `commit` and `close` may follow.
   */
  recordOutcome(): Promise<void>;
  /**
   * COMMIT of what was recorded. Only the command tag COMMIT counts. After any error the ledger alone tells whether it
   * has happened, except that TEMPLATE_EXECUTION_FAILED is the server's own word that it has not.
   */
  commit(): Promise<void>;
  /** COMMIT PREPARED on the session that prepared: the fast path, no new connection. As Settlement.commitPrepared. */
  commitPrepared(): Promise<'committed' | 'missing'>;
  /** Closes the connection, which rolls back whatever was not prepared; idempotent, never throws. */
  close(): Promise<void>;
}

/** What a step outside the transaction does in its database, as it is written down before the first try. */
export interface OutsideWork {
  /** Of its API; without it, it runs beside no other step. */
  readonly stage?: number;
  /** Each statement of each text runs in a transaction of its own, or in none where it cannot be in one. */
  readonly statements: readonly Statement[];
  /** Takes them back; null where the target knows what does, or nothing does. */
  readonly undo: readonly Statement[] | null;
  /** What is noted of it elsewhere in the database once it is done, and what takes the note back. */
  readonly record: readonly RecordStep[];
  readonly unrecord: readonly RecordStep[];
  readonly timeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly retries?: number;
  /** Present: instead of `statements`, which is the first of them, its batches run one by one. */
  readonly batch?: BatchWork;
  /** Of what is answered: what must hold, and the names under which it is given to `migration.*`. */
  readonly expect?: Expectation;
  readonly outputs?: Readonly<Record<string, string>>;
  /** What the references of its binding had resolved to. */
  readonly references?: JsonObject;
}

export interface OutsideSpec {
  readonly runUuid: Uuid;
  readonly migrationUuid: Uuid;
  readonly apiUuid: Uuid;
  /** Of the run: a newer one fences older tries. */
  readonly epoch: number;
  /** Of the step within the run. */
  readonly number: number;
  readonly work: OutsideWork;
  readonly onBlocked: (blocked: Blocked) => void;
}

/**
 * One step outside the transaction, on a session of its own. Its row in the target is written before and after, and one
 * session at a time works on it, so that whoever comes later finds out by looking what has been done.
 */
export interface OutsideSession {
  /**
   * Does what has not been done yet; done again, it does nothing. What a try has left half done is removed first. Answers
   * what the target has answered, where its analysis says `isAnswered`.
   * @throws EdenError FENCED when somebody takes it back, TEMPLATE_EXECUTION_FAILED, ENDPOINT_UNAVAILABLE; NothingDone
   */
  carryOut(): Promise<StatementResult | void>;
  /** Takes back whatever was begun, and fences all older tries. @throws as `carryOut` */
  compensate(): Promise<void>;
  /** Null where the kind has no transaction in which a batch and its checkpoint commit together (`TargetCapabilities.batches`). */
  readonly batches: BatchSession | null;
  /** Ends whatever it is doing; idempotent, never throws. */
  close(): Promise<void>;
}

/** The batches of a step, each in a transaction of its own, together with the checkpoint from which the next one starts. */
export interface BatchSession {
  /** Takes the step, as `carryOut` does. @throws as `carryOut` */
  begin(): Promise<BatchCheckpoint>;
  /**
   * Runs the statement, and commits what `reached` makes of its rows with it, if the step is still this session's.
   * @param keys `bounds`: all that is asked of the keys is whether they lie behind another one, and which is the greatest. Then
   *   rows with the least and the greatest will do, beside the count of all.
   * @throws as `carryOut`, and what `reached` throws; nothing of the batch is there then, unless the answer to COMMIT was lost
   */
  run(
    statement: Statement,
    reached: (result: StatementResult) => BatchCheckpoint,
    keys?: 'all' | 'bounds',
  ): Promise<void>;
  pressure(): Promise<TargetPressure>;
}

/** `moved`: the database by its own id, at another place than it was. */
export type DatabaseSighting = 'here' | 'moved' | 'elsewhere';

/**
 * Where a lock that proves a database was looked for. A standby sees no locks of its primary, whose replica it is and no
 * other database.
 */
export type ProofSighting = 'held' | 'not held' | 'on a standby';

/** A prepared transaction of ours as the target lists it. */
export interface PreparedTransaction {
  readonly preparedId: string;
  readonly installation: string;
  readonly runUuid: Uuid;
  readonly epoch: number;
  readonly number: number;
  readonly token: string;
  readonly preparedAt: Date;
  /** Who prepared it, and may end it. */
  readonly role: string;
  /** Transactions that its server has begun since: dead rows of all of them stay as long as it is there. */
  readonly xidAge: number;
}

/** A participant that has committed. */
export interface LedgerRow {
  readonly epoch: number;
  readonly number: number;
  readonly token: string;
}

/** A migration's fence and a run's ledger, as of one moment. */
export interface Fenced {
  /** The one that was raised, or a newer one that was there. */
  readonly fence: number;
  readonly ledger: readonly LedgerRow[];
}

/** A run as one control database knows it: a copy of that has runs of the same uuid, whose attempts are others. */
export interface KnownRun {
  readonly uuid: Uuid;
  /** Of the attempt that may have committed; '' when none has. */
  readonly token: string;
  /** Of its last step. */
  readonly epoch: number;
}

/** What settles prepared transactions in one target: used by the commit, the abort and recovery alike. */
export interface Settlement {
  /** Whether the endpoint still leads to this database; the server itself is asked. @throws EdenError ENDPOINT_UNAVAILABLE */
  whereIs(database: DatabaseIdentity): Promise<DatabaseSighting>;
  /** Prepared transactions of this installation in this database. */
  listPrepared(installation: string): Promise<readonly PreparedTransaction[]>;
  /**
   * COMMIT PREPARED. `missing` = the id is unknown here (42704): then the ledger tells.
   * @throws EdenError ENDPOINT_UNAVAILABLE for everything that may pass (retry later).
   */
  commitPrepared(preparedId: string): Promise<'committed' | 'missing'>;
  rollbackPrepared(preparedId: string): Promise<'rolled back' | 'missing'>;
  /** What of the run has committed here, by whichever attempt. */
  readLedger(runUuid: Uuid): Promise<readonly LedgerRow[]>;
  /** Of its steps outside the transaction, too; nothing that another control database's run of the same uuid has left. */
  deleteLedger(run: KnownRun): Promise<void>;
  /**
   * Raises the fence, waiting out a holder of the row, and reads the run's ledger in the same transaction: no attempt of an
   * older epoch can commit after that.
   */
  raiseFence(runUuid: Uuid, migrationUuid: Uuid, epoch: number): Promise<Fenced>;
  /**
   * Ends backends of the run's participants with an epoch below `beforeEpoch`; answers how many.
   * @throws EdenError ENDPOINT_UNAVAILABLE when one of them does not go
   */
  endBackends(runUuid: Uuid, beforeEpoch: number): Promise<number>;
  close(): Promise<void>;
}

/** What a kind of target can do, and its words where it cannot: whoever decides reads these and never the kind's name. */
export interface TargetCapabilities {
  /** Its statements run in transactions. Otherwise each is done for good once it is answered, and no run has a participant there. */
  readonly transactions: boolean;
  /** Its databases hold gates, which keep executions and undecided migrations apart without any lock. */
  readonly gates: boolean;
  /** A batch and its checkpoint can commit together, so that no batch is lost or done twice. */
  readonly batches: boolean;
  /** Why a server prepares no transactions, and what to do about it; follows `the server of <database>`. */
  readonly serverUnprepared: string;
  /** What of a statement cannot be prepared; follows `template <id> on <endpoint>`. */
  readonly statementUnprepared: string;
}

/** One kind of target. Everything below packages/targets/<kind> is reached through this. */
export interface TargetAdapter {
  readonly kind: EndpointKind;
  readonly capabilities: TargetCapabilities;
  /** Checks a config and fills in what has a default. @throws EdenError VALIDATION_FAILED (paths below `config`) */
  parseConfig(config: JsonObject): JsonObject;
  /** The config without secrets, for GET. */
  describeConfig(config: JsonObject): JsonObject;
  /** @throws EdenError ENDPOINT_UNAVAILABLE (context: endpoint_id, details without credentials) */
  inspect(endpoint: Endpoint): Promise<TargetReport>;
  /** For a plan. @throws EdenError ENDPOINT_UNAVAILABLE */
  survey(endpoint: Endpoint): Promise<TargetSurvey>;
  /**
   * The objects behind `schemaFingerprint`, by name; null of a kind that has no schema.
   * @throws EdenError ENDPOINT_UNAVAILABLE, RESULT_TOO_LARGE
   */
  describeSchema(endpoint: Endpoint): Promise<readonly SchemaObject[] | null>;
  /**
   * Parses text of the target's language.
   * @throws EdenError VALIDATION_FAILED (line, column); the reason of the signal
   */
  analyze(statement: Statement, context?: AnalysisContext): Promise<StatementAnalysis>;
  /**
   * A text as it is, without the CONCURRENTLY of its CREATE INDEX, DROP INDEX and REINDEX statements, so that it can run in
   * a transaction. Every other character stays where it is.
   */
  withoutConcurrently(text: string): Promise<string>;
  /** Estimated rows of a statement by the target's planner; null where it cannot say. */
  estimateRows(endpoint: Endpoint, statement: Statement): Promise<number | null>;
  /**
   * Schema `_eden` and the fence row of the migration. Answers what a person should know of that schema.
   * @throws EdenError TARGET_RIGHTS_MISSING (context: sql to run)
   */
  install(endpoint: Endpoint, migrationUuid: Uuid): Promise<readonly LintFinding[]>;
  openExecution(endpoint: Endpoint, options: ExecutionOptions): Promise<ExecutionSession>;
  /**
   * The answer to what is read soon and without any ado, beside other reads on one connection; null for everything else, whatever
   * it was, which is then to be read by `openExecution` and `readOnce`. Absent where a kind has no such thing.
   */
  readBeside?(endpoint: Endpoint, options: ExecutionOptions, read: LoneStatement): Promise<StatementResult | null>;
  /**
   * Gives the endpoint's database an id of its own in place of the one that it shares with others: compare-and-set in the
   * target. False = it has another one by now.
   * @throws EdenError TARGET_RIGHTS_MISSING (context: sql to run), ENDPOINT_UNAVAILABLE
   */
  renewIdentity(endpoint: Endpoint, shared: DatabaseIdentity): Promise<boolean>;
  /** Identity for the order of gates; cached per endpoint version. */
  identify(endpoint: Endpoint): Promise<DatabaseIdentity>;
  /** Holds a random lock in the endpoint's database while `work` looks for it through others. */
  withProof<T>(endpoint: Endpoint, work: (proof: string) => Promise<T>): Promise<T>;
  /** Whether the endpoint leads to the database in which the proof is held. @throws EdenError ENDPOINT_UNAVAILABLE */
  findProof(endpoint: Endpoint, proof: string): Promise<ProofSighting>;
  openParticipant(endpoint: Endpoint, spec: ParticipantSpec): Promise<ParticipantSession>;
  /** @throws EdenError ENDPOINT_UNAVAILABLE */
  openOutside(endpoint: Endpoint, spec: OutsideSpec): Promise<OutsideSession>;
  openSettlement(endpoint: Endpoint): Promise<Settlement>;
  /** Drops pools of an endpoint that changed or went. */
  forget(endpointUuid: Uuid): Promise<void>;
  close(): Promise<void>;
}

/** The adapters by kind. */
export interface TargetPort {
  adapter(kind: EndpointKind): TargetAdapter;
  /**
   * As the adapter parses it. What stands in it as `env:NAME` or `file:PATH`, secrets of the organization that lie with the
   * service, is checked with what it leads to now, and stays a reference.
   * @throws EdenError VALIDATION_FAILED (paths below `config`), which names references that lead nowhere
   */
  checkConfig(kind: EndpointKind, config: JsonObject, organizationUuid: Uuid): JsonObject;
}

/** A value as a statement's result gives it. */
export type TargetValue = JsonValue;
