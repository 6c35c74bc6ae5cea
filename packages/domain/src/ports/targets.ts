import type { Endpoint, EndpointKind } from '../endpoint.js';
import { EdenError } from '../errors.js';
import type { Uuid } from '../ids.js';
import type { JsonObject, JsonValue } from '../json.js';
import type { AtomicityClass, DatabaseIdentity, LintFinding } from '../plan.js';
import type { Blocked, Notice } from '../run-events.js';
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
  /** Nobody wants its rows: they are dropped as they stream and do not count, only `rowCount` tells of them. */
  readonly rows?: 'discard';
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

export interface StatementAnalysis {
  readonly class: AtomicityClass;
  readonly findings: readonly LintFinding[];
  /** Reasons why the statement must not run in a migration (transaction control, SET ROLE, …); empty = fine. */
  readonly refusals: readonly string[];
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
}

/**
 * `newer` = the target's gate is ahead of the definition: reload it and start again. `behind` = the target is a standby
 * that has not replayed yet what fits the definition: start again later.
 */
export type GateAnswer = 'open' | 'newer' | 'behind';

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
  deleteLedger(runUuid: Uuid): Promise<void>;
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
  /** Its databases hold gates, which keep executions and undecided migrations apart without any lock. */
  readonly gates: boolean;
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
  /** Parses text of the target's language. @throws EdenError VALIDATION_FAILED (line, column) */
  analyze(statement: Statement): Promise<StatementAnalysis>;
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
  openSettlement(endpoint: Endpoint): Promise<Settlement>;
  /** Drops pools of an endpoint that changed or went. */
  forget(endpointUuid: Uuid): Promise<void>;
  close(): Promise<void>;
}

/** The adapters by kind. */
export interface TargetPort {
  adapter(kind: EndpointKind): TargetAdapter;
}

/** A value as a statement's result gives it. */
export type TargetValue = JsonValue;
