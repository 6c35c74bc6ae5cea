import {
  type AheadStatement,
  CommittedBefore,
  EdenError,
  type Endpoint,
  type ParticipantSession,
  type ParticipantSpec,
  type Statement,
  type StatementLimits,
  type StatementResult,
  type TransactionObservation,
  type Uuid,
} from '@eden/domain';
import type { QueryResult } from 'pg';
import { turnsOf } from './ahead.js';
import { connect, disconnect, sever } from './connect.js';
import { hasSqlstate, isSessionLost, SQLSTATE, statementError } from './errors.js';
import { lockTimeout, prepareFailure, statementFailure } from './participant-failures.js';
import { raiseFenceSql } from './fence.js';
import type { GuardedClient } from './guard/guarded-client.js';
import { committedTokenSql, recordStatements } from './ledger.js';
import { gateKey, participantApplication, participantPreparedId, runKey } from './names.js';
import { holdProofSql, newProof } from './proof.js';
import { runScript } from './script/run-script.js';
import { isSlotShortage, slotShortage } from './shortages.js';
import { splitStatements } from './split.js';
import { Supervision, type SupervisionLimits } from './supervision.js';
import { HELD_LOCKS, observationOf } from './held-locks.js';
import { DURABLY, milliseconds } from './sql.js';
import { Transaction } from './transaction.js';
import { commitTransaction, finishPrepared, prepareTransaction } from './two-phase.js';

export interface ParticipantLimits extends SupervisionLimits {
  /** For the answer to COMMIT PREPARED. */
  readonly answerTimeoutMs: number;
  /** Brings `_eden` to the version of this build. */
  readonly install: (migrationUuid: Uuid) => Promise<unknown>;
}

type Phase = 'connected' | 'working' | 'prepared' | 'recorded' | 'committed' | 'closed';

interface Identity {
  readonly xid: string;
  readonly role: string;
}

/** How fast the server notices that a worker was killed in the middle of a statement. */
const CONNECTION_CHECK_MS = 100;

/** PostgreSQL 14 and newer, on systems where it works; elsewhere setting it is an error. */
const CHECK_CONNECTION = `SELECT CASE WHEN current_setting('client_connection_check_interval', true) IS NOT NULL
  AND version() ~ 'linux' THEN set_config('client_connection_check_interval', '${CONNECTION_CHECK_MS}', true) END`;

/** Of PostgreSQL 17 and newer: what the role or the database has set would end a run in the middle of its work. */
const NO_TRANSACTION_TIMEOUT = `SELECT CASE WHEN current_setting('transaction_timeout', true) IS NOT NULL
  THEN set_config('transaction_timeout', '0', true) END`;

const IDENTITY = 'SELECT pg_current_xact_id()::text AS xid, current_user AS role';

/**
 * One participant of the atomic commit (protocol I5, I7 and I9): a session of its own with one transaction.
 *
 *   connected ──begin──▶ working ──run…──▶ working ──prepare──▶ prepared ──(commitPrepared)──close──▶ closed
 *       │                   │                 └─recordOutcome─▶ recorded ──(commit)──────────close──▶┤
 *       └───────────────────┴──────────── close: rolls back ─────────┴──────────────────────────────▶┘
 *
 * What `prepared` leaves behind belongs to the server alone: it keeps the locks until a Settlement ends it. `recorded`
 * is the way of a last resource, which cannot be prepared.
 */
export class PostgresParticipant implements ParticipantSession {
  readonly preparedId: string;
  private readonly transaction: Transaction;
  private readonly supervision: Supervision;
  private phase: Phase = 'connected';
  private atBegin: Identity | null = null;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly client: GuardedClient,
    private readonly endpoint: Endpoint,
    private readonly spec: ParticipantSpec,
    private readonly limits: ParticipantLimits,
  ) {
    this.preparedId = participantPreparedId(spec);
    this.transaction = new Transaction(client, { lockTimeoutMs: spec.lockTimeoutMs, statementTimeoutMs: 0 });
    this.supervision = new Supervision(client, endpoint, spec, { ...limits, isOpen: () => this.isOpen });
  }

  /** @throws EdenError ENDPOINT_UNAVAILABLE */
  static async open(
    endpoint: Endpoint,
    spec: ParticipantSpec,
    limits: ParticipantLimits,
  ): Promise<PostgresParticipant> {
    const { connectTimeoutMs, admission, answers } = limits;
    const applicationName = participantApplication(spec);
    const client = await connect(endpoint, { applicationName, connectTimeoutMs, admission, answers });
    return new PostgresParticipant(client, endpoint, spec, limits);
  }

  async begin(): Promise<void> {
    this.expect('connected');
    this.phase = 'working';
    const results = await this.supervision.attempt(this.spec.gateTimeoutMs, lockTimeout(this.spec), () =>
      this.openUpgraded(),
    );
    const [fence, committed, identity] = results.slice(-3);
    const [before] = (committed?.rows ?? []) as { token: string }[];
    if (before !== undefined) throw new CommittedBefore(before.token);
    if (fence?.rowCount !== 1) throw this.fenced();
    this.atBegin = identityOf(identity);
  }

  async holdProof(): Promise<string> {
    this.expect('working');
    const proof = newProof();
    await this.supervision.attempt(this.spec.lockTimeoutMs, statementFailure, () =>
      this.transaction.send({ text: holdProofSql(proof) }),
    );
    return proof;
  }

  async run(statement: Statement, limits: StatementLimits = {}): Promise<StatementResult> {
    const run = await this.runnerOf(statement, limits);
    // Closed meanwhile, its transaction is rolled back, and what is sent behind that would commit by itself.
    this.expect('working');
    return this.supervision.attempt(limits.lockTimeoutMs || this.spec.lockTimeoutMs, statementFailure, run);
  }

  private async runnerOf(statement: Statement, limits: StatementLimits): Promise<() => Promise<StatementResult>> {
    if (statement.syntax === 'sql') return () => runScript(this.transaction, statement.text, limits);
    const statements = await splitStatements(statement);
    return () => this.transaction.run(statements, limits);
  }

  async sendAhead(statements: readonly AheadStatement[]): Promise<readonly Promise<StatementResult>[]> {
    const turns = await turnsOf(statements);
    // As in `run`.
    this.expect('working');
    const [first] = turns;
    if (first === undefined) return [];
    return this.supervision.attemptTogether(first.limits.lockTimeoutMs || this.spec.lockTimeoutMs, {
      begins: turns.map(({ begins }) => begins),
      send: (ended) => this.transaction.takeTurns(turns.map((turn, at) => ({ ...turn, ended: ended[at] }))),
    });
  }

  async observe(): Promise<TransactionObservation> {
    this.expect('working');
    const { lockTimeoutMs } = this.spec;
    return observationOf(
      await this.supervision.attempt(lockTimeoutMs, statementFailure, () =>
        this.transaction.send({ text: HELD_LOCKS }),
      ),
    );
  }

  savepoint(): Promise<void> {
    this.expect('working');
    this.transaction.savepoint();
    return Promise.resolve();
  }

  async rollbackToSavepoint(): Promise<void> {
    this.expect('working');
    await this.supervision.attempt(this.spec.lockTimeoutMs, statementFailure, () =>
      this.transaction.rollbackToSavepoint(),
    );
  }

  releaseSavepoint(): Promise<void> {
    this.expect('working');
    this.transaction.releaseSavepoint();
    return Promise.resolve();
  }

  async prepare(): Promise<void> {
    this.expect('working');
    const { client, endpoint } = this;
    await this.supervision.attempt(this.spec.lockTimeoutMs, prepareFailure, async () => {
      await this.checkIdentity();
      const record = [...recordStatements(this.spec), DURABLY];
      await prepareTransaction(client, this.transaction, this.preparedId, record).catch(async (error: unknown) => {
        throw isSlotShortage(error) ? await slotShortage(client, endpoint.id, error) : error;
      });
    });
    this.phase = 'prepared';
    this.supervision.pause();
  }

  async recordOutcome(): Promise<void> {
    this.expect('working');
    await this.supervision.attempt(this.spec.lockTimeoutMs, statementFailure, async () => {
      await this.checkIdentity();
      await this.transaction.sendTogether('SET CONSTRAINTS ALL IMMEDIATE', ...recordStatements(this.spec));
    });
    this.phase = 'recorded';
  }

  async commit(): Promise<void> {
    this.expect('recorded');
    this.supervision.pause();
    try {
      await commitTransaction(this.client, this.limits.answerTimeoutMs);
      this.phase = 'committed';
    } catch (error) {
      if (isSessionLost(error)) sever(this.client);
      throw statementError(this.endpoint.id, error);
    }
  }

  async commitPrepared(): Promise<'committed' | 'missing'> {
    this.expect('prepared');
    const { answerTimeoutMs } = this.limits;
    const finish = {
      verb: 'COMMIT',
      preparedId: this.preparedId,
      endpointId: this.endpoint.id,
      answerTimeoutMs,
    } as const;
    if (!(await finishPrepared(this.client, finish))) return 'missing';
    this.phase = 'committed';
    return 'committed';
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  /** Its transaction is there and would be lost with the session. */
  private get isOpen(): boolean {
    return this.phase === 'working' || this.phase === 'recorded';
  }

  /** A migration that was synced by an earlier build finds the schema of that time. */
  private async openUpgraded(): Promise<readonly QueryResult[]> {
    try {
      return await this.openTransaction();
    } catch (error) {
      if (!hasSqlstate(error, SQLSTATE.undefinedColumn)) throw error;
      await this.transaction.rollBack();
      await this.limits.install(this.spec.migrationUuid);
      return this.openTransaction();
    }
  }

  private openTransaction(): Promise<readonly QueryResult[]> {
    this.transaction.defer('BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE');
    this.transaction.limit({ lockTimeoutMs: this.spec.gateTimeoutMs, statementTimeoutMs: 0 });
    return this.transaction.sendTogether(...this.openingStatements());
  }

  /** The ledger is read behind the fence, and so behind whoever else was at it. */
  private openingStatements(): string[] {
    const keys = this.spec.gates.map(({ apiUuid }) => gateKey(apiUuid));
    const ascending = keys.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return [
      `SET LOCAL idle_in_transaction_session_timeout = ${milliseconds(this.limits.idleInTransactionMs)}`,
      CHECK_CONNECTION,
      NO_TRANSACTION_TIMEOUT,
      // A statement before the others, whose snapshots are younger then; there may be hundreds of gates.
      `SELECT pg_advisory_xact_lock(key) FROM unnest('{${[runKey(this.spec.migrationUuid), ...ascending].join(',')}}'::bigint[]) AS key`,
      raiseFenceSql(this.spec.migrationUuid, this.spec.epoch),
      committedTokenSql(this.spec.runUuid),
      IDENTITY,
    ];
  }

  /**
   * Templates with COMMIT or SET ROLE are refused before they run; this finds what got through all the same. It comes
   * before the ledger row, which would otherwise commit by itself and claim that the run had.
   */
  private async checkIdentity(): Promise<void> {
    const now = identityOf(await this.transaction.send({ text: IDENTITY }));
    if (now.xid === this.atBegin?.xid && now.role === this.atBegin.role) return;
    throw new EdenError('TEMPLATE_EXECUTION_FAILED', {
      endpoint_id: this.endpoint.id,
      sqlstate: SQLSTATE.featureNotSupported,
      message: 'a template has ended the transaction or changed the role',
    });
  }

  private async shutDown(): Promise<void> {
    this.supervision.pause();
    const idle = this.supervision.isIdle;
    const { isOpen } = this;
    this.phase = 'closed';
    if (idle && isOpen) await this.rollBack();
    if (!idle) sever(this.client);
    await disconnect(this.client);
  }

  /** So that the locks are free when `close` returns; when it cannot be said, the end of the session does it. */
  private async rollBack(): Promise<void> {
    const timer = setTimeout(() => sever(this.client), this.limits.connectTimeoutMs);
    try {
      await this.transaction.rollBack();
    } catch {
      sever(this.client);
    } finally {
      clearTimeout(timer);
    }
  }

  private fenced(): EdenError {
    const { migrationUuid, epoch } = this.spec;
    const details = 'The target knows a newer epoch of this migration';
    return new EdenError('FENCED', { endpoint_id: this.endpoint.id, migration_uuid: migrationUuid, epoch, details });
  }

  private expect(phase: Phase): void {
    if (this.phase !== phase) throw new Error(`the participant is ${this.phase}, not ${phase}`);
  }
}

function identityOf(result: QueryResult | undefined): Identity {
  const row = result?.rows[0] as Identity | undefined;
  if (row === undefined) throw new Error('the server gave no transaction id');
  return row;
}
