import type { BatchNews, BatchProgress, RunTuning } from '../backfill.js';
import type { StoredError } from '../errors.js';
import type { Uuid } from '../ids.js';
import type { NewOutsideStep, OutsideStepChange, SteppedSchema } from '../outside-step.js';
import type { DatabaseIdentity, ParticipantClass, Plan } from '../plan.js';
import type { AbortEnd, AbortOutcome } from '../run-outcomes.js';
import type { Evidence, NewRunEvent, RunEventData, RunEventType } from '../run-events.js';
import type { Run, RunApi, RunApiChange, RunKind, RunState } from '../run.js';
import type { NewSchemaSnapshot } from '../schema-object.js';
import type { SourceFileStatus } from '../source.js';
import type { OrganizationReader } from './store.js';

/** A database that takes part in a run, as recovery needs to know it. */
export interface RunParticipant {
  readonly number: number;
  readonly endpointUuid: Uuid;
  readonly database: DatabaseIdentity;
  readonly preparedId: string;
  readonly class: ParticipantClass;
  /** APIs whose gates are closed here. */
  readonly gates: readonly Uuid[];
}

/** What a sync has found behind an endpoint. */
export interface EndpointNote {
  readonly endpointUuid: Uuid;
  readonly database: DatabaseIdentity;
  /** Others may know it by another identity, or at another place: the endpoint gets a new version. */
  readonly isNews: boolean;
}

/** A database that shares its id with another one, and is to get its own. */
export interface Renewal {
  readonly shared: DatabaseIdentity;
  /** Those that lead there, or may do so: they get a new version. */
  readonly endpoints: readonly Uuid[];
  /** Those that lead to the database which keeps the id. */
  readonly keeping: readonly Uuid[];
}

/** A run that this process owns: every write below is guarded by owner, epoch and token, in the transaction of its effects. */
export interface OwnedRun {
  readonly run: Run;
  readonly owner: string;
}

/** An endpoint, by its uuid. */
export interface EndpointOf {
  readonly organizationUuid: Uuid;
  readonly endpointUuid: Uuid;
}

/** An attempt of which a ledger row shows that it has committed; the control database may have nothing of its T1. */
export interface FoundAttempt {
  readonly token: string;
  readonly participants: readonly RunParticipant[];
}

/** What T1 writes. A sync run has neither APIs nor participants, unless it rehearses. */
export interface RunStart {
  readonly apis: readonly RunApi[];
  /** Of this attempt; empty for a sync. */
  readonly token: string;
  /** Of the endpoints that the participants use, as they were when the targets were looked at. */
  readonly endpointVersions: ReadonlyMap<Uuid, number>;
  /** `preparedId` is made from the epoch, which T1 raises: hence a function of it. */
  readonly participants: (epoch: number) => readonly RunParticipant[];
}

/** What a run begins its steps outside the transaction with. */
export interface StepsStart {
  /** When the run began, where it had not yet: the steps may hold that time. */
  readonly startedAt: Date;
  /** Of the endpoints that the steps use, as they were when the targets were looked at; a later attempt tells none. */
  readonly endpointVersions: ReadonlyMap<Uuid, number>;
}

/** A run as the sweep and the audit need to know it. */
export interface RunStanding {
  readonly uuid: Uuid;
  readonly organizationUuid: Uuid;
  readonly migrationUuid: Uuid;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly token: string;
  /** A person has ended it. */
  readonly isResolved: boolean;
  /** A later rollback of its migration has succeeded. */
  readonly isRolledBack: boolean;
  /** Of its latest attempt; empty where the control database knows of none. */
  readonly participants: readonly RunParticipant[];
}

/** What a target has of an attempt. `missing`: nothing is prepared. */
export type Trace = 'prepared' | 'missing with ledger' | 'missing without';

/** What a target has that the control database denies, or the other way round. */
export interface Contradiction {
  readonly database: string;
  readonly endpointId: string;
  readonly trace: Trace;
  readonly details: string;
}

/** How the targets of an abort were found. */
export interface AbortCheck {
  /** On which the first of them was asked. */
  readonly timeline: string;
  /** The newest fence of the migration among them. */
  readonly fence: number;
}

/** What only the PREPARE itself could show. */
export interface UnpreparedDatabase {
  readonly planHash: string;
  readonly databaseKey: string;
  /** As a clause: what the server said. */
  readonly reason: string;
}

/**
 * The control database's side of a run (protocol I4). All methods are compare-and-sets:
 * a write whose guard hits no row throws FENCED, and the caller stops.
 */
export interface RunJournal {
  /** Whose run it is; null when it is gone. */
  organizationOf(runUuid: Uuid): Promise<Uuid | null>;
  /**
   * Queued or waiting, unowned or with a heartbeat older than `leaseMs`, not behind an unfinished sync, and not in the
   * pause before its attempt; else null. A worker that has died before T1 counts as an attempt, and is named.
   */
  claim(runUuid: Uuid, owner: string, leaseMs: number): Promise<OwnedRun | null>;
  /** Gives a claimed run back without an outcome: the lock is taken by somebody else, the job comes again. */
  giveBack(owned: OwnedRun, reason: string): Promise<void>;
  /** Why a run that nobody works on is left waiting; told once for each reason. */
  noteQueued(runUuid: Uuid, reason: string): Promise<void>;
  /** Why its owner cannot go on for now; told once for each reason. @throws EdenError FENCED */
  noteWaiting(owned: OwnedRun, wait: RunEventData['waiting']): Promise<void>;
  /** Milliseconds since the run first asked for the lock. */
  waitedMs(owned: OwnedRun): Promise<number>;
  /**
   * Milliseconds since a sync has had the write lock of all APIs that are in its migration: the first one since the last
   * of them joined. Infinity where none is known any more.
   */
  sinceSyncMs(owned: OwnedRun): Promise<number>;
  /** False when the run is no longer ours. */
  heartbeat(owned: OwnedRun): Promise<boolean>;

  /**
   * waiting_for_lock → stepping, with a raised epoch that fences whoever was at its steps before. The steps are written
   * by the first one; a later attempt goes on with what is there.
   * @throws EdenError FENCED; PLAN_OUT_OF_DATE when one of the endpoints has another version
   */
  beginSteps(owned: OwnedRun, steps: readonly NewOutsideStep[], start: StepsStart): Promise<OwnedRun>;
  /** How far a step has got, also in the record of its binding. @throws EdenError FENCED */
  recordStep(owned: OwnedRun, number: number, change: OutsideStepChange): Promise<void>;
  /**
   * How far the batches of a step have got. Answers the pace that was asked for since.
   * @throws EdenError FENCED
   */
  recordBatches(owned: OwnedRun, number: number, progress: BatchProgress, news: BatchNews): Promise<RunTuning | null>;
  /**
   * Gives the run back until its maintenance window opens, from wherever it is before T1: its wait for the lock begins
   * then. One that was at its steps is called again. @throws EdenError FENCED
   */
  holdBack(owned: OwnedRun, reason: string): Promise<void>;
  /** stepping → waiting_for_lock: it is called again for its lock. `schemas`: what the steps have made of their databases. */
  endSteps(owned: OwnedRun, schemas: readonly SteppedSchema[]): Promise<void>;
  /**
   * A target has seen a newer epoch of a step than this database, which was rewound: the run and its migration get one
   * beyond that. @throws EdenError FENCED
   */
  catchUp(owned: OwnedRun, seen: number): Promise<OwnedRun>;
  /** The process stops: whoever adopts the run goes on with its steps. */
  leaveSteps(owned: OwnedRun): Promise<void>;
  /** stepping → compensating, with a raised epoch: whoever adopts the run takes its steps back. */
  failSteps(owned: OwnedRun, error: StoredError, reason: string): Promise<void>;
  /** committing → finishing: whoever adopts the run does its last steps. */
  beginLastSteps(owned: OwnedRun): Promise<void>;
  /** compensating → failed or cancelled. Answers which. */
  finishCompensation(owned: OwnedRun): Promise<'failed' | 'cancelled'>;
  /** finishing or compensating → in_doubt: what the run failed of before stays with the evidence. */
  markStepInDoubt(owned: OwnedRun, evidence: Evidence): Promise<void>;

  /**
   * T1: raises the migration's epoch; run `running` with epoch, lock wait, its APIs and participants; for migrate and
   * rollback the migration `In Progress`. Fails when a member API is no longer active in the migration, or an endpoint has
   * changed since it was looked at.
   * @throws EdenError FENCED, API_HAS_MIGRATION, MIGRATION_STATE, PLAN_OUT_OF_DATE
   */
  start(owned: OwnedRun, start: RunStart, lockWaitMs: number): Promise<OwnedRun>;
  /**
   * Gives a running sync a token and participants, so that whoever adopts it finds what it may have left prepared, and
   * rolls it back. @throws EdenError FENCED, PLAN_OUT_OF_DATE
   */
  beginRehearsal(owned: OwnedRun, start: RunStart): Promise<OwnedRun>;
  /** All of it is taken back: the sync has neither any more. @throws EdenError FENCED */
  endRehearsal(owned: OwnedRun): Promise<OwnedRun>;
  /** How far APIs have got: replaces the rows that have changed; of those that have ended the history says `api_finished`. */
  recordApis(owned: OwnedRun, changes: readonly RunApiChange[]): Promise<void>;
  /**
   * What the run did in a database could not be prepared: a sync that makes the same plan finds it there
   * (`OrganizationReader.unprepared`).
   */
  noteUnprepared(owned: OwnedRun, found: UnpreparedDatabase): Promise<void>;
  /** The schemas that the run has left, in place of those that an earlier one did. @throws EdenError FENCED */
  noteSchemas(owned: OwnedRun, snapshots: readonly NewSchemaSnapshot[]): Promise<void>;
  /** What a sync has seen of a source's files: for people, so that whoever saw last counts. */
  recordSource(organizationUuid: Uuid, sourceUuid: Uuid, statuses: readonly SourceFileStatus[]): Promise<void>;
  recordEvent<Type extends RunEventType>(owned: OwnedRun, type: Type, data: RunEventData[Type]): Promise<void>;
  /** In their order, and all or none. */
  recordEvents(owned: OwnedRun, events: readonly NewRunEvent[]): Promise<void>;

  /** What is behind the endpoints of a sync's migration. @throws EdenError FENCED */
  noteDatabases(owned: OwnedRun, notes: readonly EndpointNote[]): Promise<void>;
  /** Endpoints of all organizations that were last found to lead to a database of this key. */
  endpointsAt(key: string): Promise<readonly { readonly organizationUuid: Uuid; readonly endpointUuid: Uuid }[]>;
  /**
   * Does `renew` while no run of the database is unfinished and none can start; the endpoints get a new version.
   * @throws EdenError FENCED; RUN_IN_PROGRESS while a run of that database is unfinished, and whatever `renew` throws
   */
  renewDatabase(owned: OwnedRun, renewal: Renewal, renew: () => Promise<boolean>): Promise<boolean>;

  /**
   * End of a good sync: plan and its hash if the migration still has the plan's revision, members synced,
   * Failed and Rolled Back → Pending, the migrate behind it becomes active (outbox).
   * @throws EdenError FENCED, MIGRATION_CHANGED
   */
  finishSync(owned: OwnedRun, plan: Plan): Promise<void>;
  /**
   * A run that ends before it touched any target (lock timeout, plan out of date, failed sync): the migration keeps
   * its state; a migrate behind a failed sync fails with MIGRATION_NOT_SYNCED. One that has done steps outside the
   * transaction takes them back first (`compensating`), and one whose T1 may have been forgotten is undone (`aborting`).
   * Answers where it has come to.
   */
  fail(owned: OwnedRun, error: StoredError): Promise<'failed' | 'compensating' | 'aborting'>;

  /**
   * running → deciding, durably: the last resource may commit from here on, so that nobody aborts the run, or cancels
   * it, without having asked its ledger. A lost reply is settled by `state`.
   * @param prepared Databases that are prepared, where nobody was told: the history says `prepared` first.
   */
  enterDeciding(owned: OwnedRun, parallelExecutionMs: number, prepared?: number): Promise<void>;
  /**
   * T2, the commit point: running → committing (deciding → committing with a last resource) and every member API's next
   * definition and schemaVersion + 1, with synchronous_commit on. A lost reply is settled by `state`.
   * @param prepared As of `enterDeciding`.
   */
  decide(owned: OwnedRun, parallelExecutionMs: number, prepared?: number): Promise<void>;
  /**
   * A ledger row shows that an attempt has committed: T2 again, with its token, from running, deciding or aborting. Its
   * participants are those of the run from now on, where none are known.
   */
  honour(owned: OwnedRun, found: FoundAttempt): Promise<OwnedRun>;
  /** As `honour`, of a run that is `committing` with another token. */
  takeToken(owned: OwnedRun, token: string): Promise<OwnedRun>;
  /** committing → aborting with a raised epoch, and the definitions as before T2: the run's witness has nothing of it. */
  recant(owned: OwnedRun, outcome: AbortOutcome): Promise<OwnedRun>;
  /** The run's state and epoch under FOR UPDATE: waits out a T2 in flight. */
  state(runUuid: Uuid): Promise<{ readonly state: Run['state']; readonly epoch: number } | null>;
  /** T3: succeeded; migration Completed (rollback: Rolled Back); APIs free. */
  complete(owned: OwnedRun): Promise<void>;
  /** The run keeps its slot and its APIs; its error is RUN_IN_DOUBT with the evidence. */
  markInDoubt(owned: OwnedRun, evidence: Evidence): Promise<void>;

  /**
   * running → aborting with a raised epoch, in run and migration; deciding → aborting for an owner who has it as
   * `deciding`, and who has found the ledger of the last resource to be without the run. The outcome's error is stored
   * at once, so that whoever finishes the abort ends the run as it was meant: with an error failed, without one queued
   * again.
   */
  beginAbort(owned: OwnedRun, outcome: AbortOutcome): Promise<OwnedRun>;
  /**
   * aborting → failed (migration Failed, or Completed for a rollback), or queued again with attempt + 1; cancelled, with
   * the migration as it was before the run, when somebody has asked for that. The migration stays as it is where no T1 of the
   * run is known. Answers which; null, and nothing has
   * happened, when the control database is on another timeline than it was when the targets were asked. `compensating`:
   * it has done steps outside the transaction, which whoever adopts it takes back.
   */
  finishAbort(owned: OwnedRun, outcome: AbortOutcome, check: AbortCheck): Promise<AbortEnd | 'compensating' | null>;
  /** The control database's timeline: another one from each moment on at which a standby took over. */
  timeline(): Promise<string>;

  participants(runUuid: Uuid): Promise<readonly RunParticipant[]>;
  /**
   * Runs beyond `waiting_for_lock` and unfinished (in_doubt excepted) whose heartbeat is older than `leaseMs`, or which
   * were taken from their owner: a bounded number, the longest unattended first.
   */
  abandoned(leaseMs: number): Promise<readonly Run[]>;
  /**
   * Calls back soon after a run was taken from its owner, with its uuid; with null when that may have been missed.
   * Answers the unsubscribe function.
   */
  onReleased(listener: (runUuid: Uuid | null) => void): () => void;
  /** Takes over an abandoned run: compare-and-set on its old owner, epoch and expired heartbeat. */
  adopt(run: Run, owner: string, leaseMs: number): Promise<OwnedRun | null>;
  /** How these runs stand, those that it knows. */
  standings(runs: readonly Uuid[]): Promise<ReadonlyMap<Uuid, RunStanding>>;
  /** Finished runs with a commit point, those first that were looked at longest ago; they count as looked at from now on. */
  nextToAudit(limit: number, keptDays: number): Promise<readonly RunStanding[]>;
  /** A target contradicts the run: noted once for each database. Answers whether it is new. */
  noteContradiction(runUuid: Uuid, contradiction: Contradiction): Promise<boolean>;
  /** Endpoints of all organizations that were ever a participant: where orphans can be. */
  participantEndpoints(): Promise<readonly EndpointOf[]>;
  /**
   * Up to `limit` of them that no worker has looked at for `everyMs`. They count as looked at from now on, so that each of
   * them is swept by one worker at a time.
   */
  takeDueSweeps(everyMs: number, limit: number): Promise<readonly EndpointOf[]>;

  /** Runs in doubt now, and the age of the oldest in milliseconds (0 when there is none). */
  inDoubt(): Promise<{ readonly runs: number; readonly oldestAgeMs: number }>;

  /** Reads of the run's organization. */
  reader(organizationUuid: Uuid): OrganizationReader;
  /**
   * Identifies this control database among those that share a target server.
   * @throws EdenError SERVICE_UNAVAILABLE at a place that the installation does not know
   */
  installation(): Promise<string>;
  /** The ids of those that it is a copy of. The originals may still be at work. */
  earlierInstallations(): Promise<readonly string[]>;
}

export interface OutboxMessage {
  readonly uuid: Uuid;
  readonly runUuid: Uuid;
  /** Of the run. */
  readonly traceparent: string | null;
}

/** A run that waits for a worker, and was called long ago. */
export interface ForgottenRun {
  readonly runUuid: Uuid;
  /** Its last message; null when that was swept. */
  readonly lastMessage: Uuid | null;
}

/** The transactional outbox: written with the run, relayed to the queue (protocol I17). */
export interface OutboxStore {
  /** Claims up to `limit` unsent messages that are due for `leaseMs` (FOR UPDATE SKIP LOCKED). */
  claim(limit: number, leaseMs: number): Promise<readonly OutboxMessage[]>;
  markSent(uuids: readonly Uuid[]): Promise<void>;
  /** Runnable runs without an owner whose last message is older than `olderThanMs`, a bounded number of them. */
  forgotten(olderThanMs: number): Promise<readonly ForgottenRun[]>;
  /** These messages still wait in the queue: their runs count as called just now. */
  stillWaiting(messages: readonly Uuid[]): Promise<void>;
  /** Writes a new message for each of these runs that is still forgotten; answers how many. */
  requeueForgotten(olderThanMs: number, runs: readonly Uuid[]): Promise<number>;
  /** Calls back soon after a message was written (NOTIFY); also once at start. Answers the unsubscribe function. */
  subscribe(onMessage: () => void): Promise<() => Promise<void>>;
  /** Removes sent messages, expired revoked tokens and idempotency keys older than a day. */
  sweep(): Promise<void>;
}
