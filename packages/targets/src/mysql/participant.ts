import { randomBytes } from 'node:crypto';
import {
  CommittedBefore,
  EdenError,
  type Blocker,
  type Endpoint,
  type Notice,
  type ParticipantSession,
  type ParticipantSpec,
  type Statement,
  type StatementLimits,
  type StatementResult,
} from '@eden/domain';
import { KeepAlive } from '../keep-alive.js';
import { SessionWatch } from '../session-watch.js';
import { connect } from './connect.js';
import { isLockFailure, isSessionLost, statementError } from './errors.js';
import { holdFenceSql, raiseFenceSql, readFenceSql } from './fence.js';
import { closeGatesSql, holderOf, makeGatesSql, setGatesSql } from './gate.js';
import { SessionGivenUp } from './guard/guard-errors.js';
import type { Answer, GuardedSession } from './guard/guarded-session.js';
import { insertLedgerSql, ledgerRows, readLedgerSql } from './ledger.js';
import { participantPreparedId, proofLock, xidOf } from './names.js';
import { forgetSessionSql, openParticipantSession, type ParticipantSessionOptions } from './participant-session.js';
import { isSilence, observe } from './session-observer.js';
import { literal } from './sql.js';
import { cutOrFail } from './statements.js';
import { MOST_WARNINGS, Transaction } from './transaction.js';
import { finishPrepared } from './two-phase.js';

export interface ParticipantLimits extends ParticipantSessionOptions {
  /** For which a statement may neither be answered nor be seen at work. */
  readonly silenceMs: number;
}

type Phase = 'connected' | 'working' | 'prepared' | 'recorded' | 'committed' | 'closed';

/** Reserved: no text that is run may have one of this name. */
const SAVEPOINT = '_eden_savepoint';

/**
 * One participant of the atomic commit (protocol I5, I7 and I9): a session of its own with one XA transaction.
 *
 *   connected ──begin──▶ working ──run…──▶ working ──prepare──▶ prepared ──(commitPrepared)──close──▶ closed
 *       │                   │                 └─recordOutcome─▶ recorded ──(commit)──────────close──▶┤
 *       └───────────────────┴──────────── close: rolls back ─────────┴──────────────────────────────▶┘
 *
 * `prepared` ends the session: as long as it is there, the server lets nobody else end the transaction. What is prepared
 * belongs to the server alone, and whoever comes first, this participant by a second session or a Settlement, ends it.
 */
export class MysqlParticipant implements ParticipantSession {
  readonly preparedId: string;
  private readonly transaction: Transaction;
  private readonly keepAlive: KeepAlive;
  private phase: Phase = 'connected';
  private busy = 0;
  private finisher: GuardedSession | null = null;
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly session: GuardedSession,
    private readonly endpoint: Endpoint,
    private readonly spec: ParticipantSpec,
    private readonly limits: ParticipantLimits,
  ) {
    this.preparedId = participantPreparedId(spec);
    this.transaction = new Transaction(session, { lockTimeoutMs: spec.lockTimeoutMs, statementTimeoutMs: 0 });
    this.keepAlive = new KeepAlive(limits.idleInTransactionMs / 3, () => session.query('DO 0'));
  }

  /** @throws EdenError ENDPOINT_UNAVAILABLE */
  static async open(endpoint: Endpoint, spec: ParticipantSpec, limits: ParticipantLimits): Promise<MysqlParticipant> {
    try {
      const session = await openParticipantSession(endpoint, spec, limits);
      return new MysqlParticipant(session, endpoint, spec, limits);
    } catch (error) {
      throw statementError(endpoint.id, error);
    }
  }

  async begin(): Promise<void> {
    this.expect('connected');
    this.phase = 'working';
    await this.attempt(this.spec.gateTimeoutMs, gateFailure(this.spec), () => this.openTransaction());
  }

  async holdProof(): Promise<string> {
    this.expect('working');
    const proof = newProof();
    const lock = literal(proofLock(proof, this.session.database));
    await this.attempt(this.spec.lockTimeoutMs, statementFailure, () =>
      this.transaction.own(`SELECT GET_LOCK(${lock}, 0)`),
    );
    return proof;
  }

  async run(statement: Statement, limits: StatementLimits = {}): Promise<StatementResult> {
    this.expect('working');
    const statements = cutOrFail(statement);
    return this.attempt(limits.lockTimeoutMs || this.spec.lockTimeoutMs, statementFailure, () =>
      this.transaction.run(statements, limits, (answer) => this.tellWarnings(answer)),
    );
  }

  sendAhead(): Promise<readonly []> {
    return Promise.resolve([]);
  }

  observe(): Promise<null> {
    return Promise.resolve(null);
  }

  async savepoint(): Promise<void> {
    this.expect('working');
    await this.attempt(this.spec.lockTimeoutMs, statementFailure, () => this.transaction.own(`SAVEPOINT ${SAVEPOINT}`));
  }

  async rollbackToSavepoint(): Promise<void> {
    this.expect('working');
    await this.attempt(this.spec.lockTimeoutMs, statementFailure, async () => {
      this.transaction.recover();
      await this.session.query(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
    });
  }

  async releaseSavepoint(): Promise<void> {
    this.expect('working');
    await this.attempt(this.spec.lockTimeoutMs, statementFailure, () =>
      this.transaction.own(`RELEASE SAVEPOINT ${SAVEPOINT}`),
    );
  }

  async prepare(): Promise<void> {
    this.expect('working');
    await this.attempt(this.spec.lockTimeoutMs, statementFailure, async () => {
      await this.record();
      await this.transaction.own(`XA END ${this.xid}`);
      const finisher = connect(this.endpoint, this.limits).catch(() => null);
      await this.transaction.own(`XA PREPARE ${this.xid}`).catch(async (error: unknown) => {
        (await finisher)?.sever();
        throw error;
      });
      this.finisher = await finisher;
    });
    this.keepAlive.pause();
    if (this.closing === undefined) this.phase = 'prepared';
    else this.finisher?.sever();
    await this.session.end();
  }

  async recordOutcome(): Promise<void> {
    this.expect('working');
    await this.attempt(this.spec.lockTimeoutMs, statementFailure, () => this.record());
    this.phase = 'recorded';
  }

  async commit(): Promise<void> {
    this.expect('recorded');
    this.keepAlive.pause();
    const { answerTimeoutMs } = this.limits;
    try {
      await this.session.query(`XA END ${this.xid}`, { answerTimeoutMs });
      await this.session.query(`XA COMMIT ${this.xid} ONE PHASE`, { answerTimeoutMs });
      this.phase = 'committed';
    } catch (error) {
      if (isSessionLost(error)) this.session.sever();
      throw statementError(this.endpoint.id, error);
    }
  }

  async commitPrepared(): Promise<'committed' | 'missing'> {
    this.expect('prepared');
    const { endpoint, preparedId, limits } = this;
    this.finisher ??= await connect(endpoint, limits);
    const finisher = this.finisher;
    const finish = {
      verb: 'COMMIT',
      preparedId,
      database: this.session.database,
      endpointId: endpoint.id,
      answerTimeoutMs: limits.answerTimeoutMs,
    } as const;
    try {
      if (!(await finishPrepared(finisher, finish))) return 'missing';
      this.phase = 'committed';
      return 'committed';
    } finally {
      if (finisher.isLost) this.finisher = null;
    }
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private get xid(): string {
    const xid = xidOf(this.preparedId, this.session.database);
    if (xid === null) throw new TypeError(`not a prepared id: ${this.preparedId}`);
    return xid;
  }

  /** Its transaction is there and would be lost with the session. */
  private get isOpen(): boolean {
    return this.phase === 'working' || this.phase === 'recorded';
  }

  /**
   * The fence's row is the turn of the migration; whoever waits for it, or for a gate, reads in the row who has it. The
   * ledger is read behind the fence, and so behind whoever else was at it.
   */
  private async openTransaction(): Promise<void> {
    const { gates, migrationUuid, epoch, runUuid, gateTimeoutMs } = this.spec;
    const { transaction } = this;
    await transaction.limit({ lockTimeoutMs: gateTimeoutMs, statementTimeoutMs: 0 });
    await this.makeGates();
    await transaction.own('SET SESSION autocommit = 0');
    await transaction.own(`XA START ${this.xid}`);
    await transaction.own(holdFenceSql(migrationUuid, this.preparedId));
    if (gates.length > 0) await transaction.own(closeGatesSql(gates, this.preparedId));
    const [committed] = ledgerRows((await transaction.own(readLedgerSql(runUuid))).rows);
    if (committed !== undefined) throw new CommittedBefore(committed.token);
    const { rows } = await transaction.own(readFenceSql(migrationUuid));
    if (Number(rows[0]?.['epoch']) > epoch) throw this.fenced();
    await transaction.own(raiseFenceSql(migrationUuid, epoch));
  }

  /** Rows that are there may be locked, so only missing ones are made; in a transaction of its own. */
  private async makeGates(): Promise<void> {
    const uuids = this.spec.gates.map(({ apiUuid }) => apiUuid);
    if (uuids.length === 0) return;
    const list = uuids.map(literal).join(', ');
    const { rows } = await this.transaction.own(`SELECT api_uuid FROM _eden_gate WHERE api_uuid IN (${list})`);
    const there = new Set(rows.map((row) => row['api_uuid']));
    const missing = uuids.filter((uuid) => !there.has(uuid));
    if (missing.length > 0) await this.transaction.own(makeGatesSql(missing));
  }

  private async record(): Promise<void> {
    const { gates, lockTimeoutMs } = this.spec;
    await this.transaction.limit({ lockTimeoutMs, statementTimeoutMs: 0 });
    await this.transaction.own(insertLedgerSql(this.spec));
    if (gates.length > 0) await this.transaction.own(setGatesSql(gates));
    await this.transaction.own(forgetSessionSql(this.preparedId));
  }

  private async tellWarnings({ warnings }: Answer): Promise<void> {
    if (warnings === 0) return;
    const { rows } = await this.transaction.own(`SHOW WARNINGS LIMIT ${MOST_WARNINGS}`);
    for (const row of rows) this.spec.onNotice(noticeOf(row));
    if (warnings > rows.length) this.spec.onNotice({ further: warnings - rows.length });
  }

  /** Runs `work` without pings beside it, and with somebody who looks at the session from outside. */
  private async attempt<T>(lockTimeoutMs: number, translate: Translate, work: () => Promise<T>): Promise<T> {
    this.keepAlive.pause();
    this.busy += 1;
    const { endpoint, session, limits } = this;
    const watch = new SessionWatch(session, {
      lockTimeoutMs,
      silenceMs: limits.silenceMs,
      connect: () => observe(endpoint, { id: session.id, database: session.database }, limits),
      isSilence,
      onBlocked: (blockers) => this.spec.onBlocked({ endpoint_id: endpoint.id, blockers }),
    });
    try {
      return await work();
    } catch (error) {
      const blockers = await watch.stop();
      const cause = watch.givenUp === undefined ? error : new SessionGivenUp(watch.givenUp);
      if (!isSessionLost(cause)) this.transaction.fail(cause);
      throw translate(endpoint.id, cause, blockers);
    } finally {
      await watch.stop();
      this.busy -= 1;
      if (this.isOpen) this.keepAlive.resume();
    }
  }

  private async shutDown(): Promise<void> {
    this.keepAlive.pause();
    const isIdle = this.busy === 0;
    const { isOpen, phase } = this;
    this.phase = 'closed';
    if (!isIdle) this.session.sever();
    else if (isOpen || phase === 'connected') await this.rollBack(isOpen);
    await Promise.all([this.session.end(), this.finisher?.end()]);
  }

  /** So that the locks are free when `close` returns; when it cannot be said, the end of the session does it. */
  private async rollBack(isOpen: boolean): Promise<void> {
    const timer = setTimeout(() => this.session.sever(), this.limits.connectTimeoutMs);
    const run = (sql: string) => this.session.query(sql);
    try {
      if (isOpen) {
        // Where it has not begun, or has ended already, there is nothing to end.
        await run(`XA END ${this.xid}`).catch(() => undefined);
        await run(`XA ROLLBACK ${this.xid}`).catch(() => undefined);
        await run('SET SESSION autocommit = 1');
      }
      await run(forgetSessionSql(this.preparedId));
    } catch {
      this.session.sever();
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

/** No database but one holds it. */
export function newProof(): string {
  return randomBytes(8).toString('hex');
}

type Translate = (endpointId: string, error: unknown, blockers: readonly Blocker[]) => unknown;

/** A lock that stayed taken names who had it. */
const statementFailure: Translate = (endpointId, error, blockers) =>
  statementError(endpointId, error, isLockFailure(error) ? { blockers } : {});

/** In `begin` the only locks are ours: a run or readers are in the way, and trying again later may help. */
function gateFailure(spec: ParticipantSpec): Translate {
  return (endpointId, error, blockers) => {
    if (error instanceof CommittedBefore) return error;
    if (!isLockFailure(error)) return statementFailure(endpointId, error, blockers);
    const { migrationUuid, gateTimeoutMs } = spec;
    const context = {
      endpoint_id: endpointId,
      migration_uuid: migrationUuid,
      lock_timeout_ms: gateTimeoutMs,
      blockers,
    };
    return new EdenError('LOCK_TIMEOUT', context, { cause: error });
  };
}

function noticeOf(row: Answer['rows'][number]): Notice {
  const { Level: level, Code: code, Message: message } = row;
  return {
    severity: String(level).toUpperCase(),
    sqlstate: '01000',
    message: `${String(code)}: ${String(message).slice(0, 1000)}`,
  };
}
