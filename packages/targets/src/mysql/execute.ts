import {
  EdenError,
  type Endpoint,
  type ExecutionOptions,
  type ExecutionSession,
  type GateAnswer,
  type ReaderGate,
  type Statement,
  type StatementLimits,
  type StatementResult,
  type Uuid,
} from '@eden/domain';
import { RUN_IN_MIGRATION } from '../runs-in-migration.js';
import { ERROR, hasErrno, isLockFailure, isSessionLost, statementError } from './errors.js';
import { holderOf, IS_STANDBY, judgeGate, lockGateSql, makeGatesSql, readGateSql, type FoundGate } from './gate.js';
import { rightsMissing } from './install.js';
import type { PooledSession } from './pool.js';
import { ANSWER_MARGIN_MS } from './sql.js';
import { cutOrFail, type CutStatement } from './statements.js';
import { Transaction } from './transaction.js';

/** Why an execution has to start again. */
type Closed = Exclude<GateAnswer, 'open'>;

/**
 * One transaction of an API execution, on a session of the pool.
 *
 *   new ──enter──▶ entered ──run…──▶ entered ──commit──▶ over
 *    ├─────────────────┴────── abandon ─────────────────▶ over
 *    └─────────────────── readOnce ─────────────────────▶ over
 *
 * The gate is a row that is locked in share mode until the transaction ends: a locking read sees what is committed when it
 * has its lock. Statements see what is committed when they begin (READ COMMITTED).
 */
export class MysqlExecution implements ExecutionSession {
  private readonly transaction: Transaction;
  private phase: 'new' | 'entered' | 'over' = 'new';
  private found: FoundGate | null = null;

  constructor(
    private readonly pooled: PooledSession,
    private readonly endpoint: Endpoint,
    private readonly options: ExecutionOptions,
  ) {
    this.transaction = new Transaction(pooled.session, options, RUN_IN_MIGRATION);
    // One answer is made of all rows, so they are in memory together.
    pooled.session.holdAnswers();
  }

  get isOnStandby(): boolean {
    return this.found?.standby === true;
  }

  async enter(): Promise<GateAnswer> {
    if (this.phase !== 'new') throw new Error('an execution enters once');
    this.phase = 'entered';
    return this.attempt(() => this.begin());
  }

  async run(statement: Statement, limits?: StatementLimits): Promise<StatementResult> {
    if (this.phase !== 'entered') throw new Error('an execution runs between enter and commit');
    const statements = cutOrFail(statement);
    return this.attempt(() => this.transaction.run(statements, limits));
  }

  async readOnce(statement: Statement, limits?: StatementLimits): Promise<StatementResult | Closed> {
    const answer = await this.enter();
    if (answer !== 'open') return answer;
    const result = await this.run(statement, limits).catch((error: unknown) => this.explain(error));
    const judged = typeof result === 'string' ? result : await this.confirm();
    if (judged !== 'open') return judged;
    await this.commit();
    return result;
  }

  /** A gate only ever goes up, so what is equal before and after was equal in between. */
  async confirm(): Promise<GateAnswer> {
    const { gate } = this.options;
    const before = this.found;
    if (gate === null || before?.standby !== true || this.pooled.session.isLost) return 'open';
    const now = await this.attempt(() => this.lookAgain(gate.apiUuid));
    return before.version === now.version ? judgeGate(gate, now) : 'newer';
  }

  /** @throws EdenError TEMPLATE_EXECUTION_FAILED when a statement has failed before. */
  async commit(): Promise<void> {
    await this.attempt(() => this.transaction.own('COMMIT', this.answerTimeoutMs));
    this.giveBack(true);
  }

  async abandon(): Promise<void> {
    if (this.phase === 'over') return;
    const { session } = this.pooled;
    const isUndone = await session.query('ROLLBACK', { answerTimeoutMs: ANSWER_MARGIN_MS }).then(
      () => true,
      () => false,
    );
    this.giveBack(isUndone);
  }

  private get answerTimeoutMs(): number {
    return this.options.statementTimeoutMs + ANSWER_MARGIN_MS;
  }

  private async begin(): Promise<GateAnswer> {
    const { gate, readOnly, idleTimeoutMs } = this.options;
    await this.transaction.limit(this.options);
    if (gate !== null && idleTimeoutMs > 0) {
      // If this process is stopped in the gate, it must not stay there.
      await this.transaction.own(`SET SESSION idle_transaction_timeout = ${Math.ceil(idleTimeoutMs / 1000)}`);
    }
    if (gate === null) {
      await this.start(readOnly);
      return 'open';
    }
    if (gate.mode !== 'watch') await this.makeGate(gate.apiUuid);
    await this.start(readOnly);
    this.found = await this.readGate(gate);
    return judgeGate(gate, this.found);
  }

  private async start(readOnly: boolean): Promise<void> {
    await this.transaction.own(`START TRANSACTION ${readOnly ? 'READ ONLY' : 'READ WRITE'}`);
  }

  /** Before the transaction: there has to be a row to lock. */
  private async makeGate(apiUuid: Uuid): Promise<void> {
    try {
      const { rows } = await this.transaction.own(readGateSql(apiUuid));
      if (rows.length === 0) await this.transaction.own(makeGatesSql([apiUuid]));
    } catch (error) {
      // Without our tables no migration was ever planned here; a standby gets its rows from its primary.
      if (hasErrno(error, ERROR.noSuchTable, ERROR.readOnlyServer)) return;
      if (hasErrno(error, ERROR.accessDeniedToTable)) throw rightsMissing(this.endpoint, error);
      throw error;
    }
  }

  private async readGate({ apiUuid, mode }: ReaderGate): Promise<FoundGate> {
    try {
      const sql = mode === 'watch' ? readGateSql(apiUuid) : lockGateSql(apiUuid);
      const { rows } = await this.transaction.own(sql);
      return rows[0] === undefined ? await this.missingGate() : foundGate(rows[0]);
    } catch (error) {
      if (hasErrno(error, ERROR.noSuchTable)) return this.missingGate();
      if (isLockFailure(error) || hasErrno(error, ERROR.statementTimeout)) throw await this.gateTimeout(apiUuid, error);
      throw error;
    }
  }

  private async missingGate(): Promise<FoundGate> {
    const { rows } = await this.transaction.own(IS_STANDBY);
    return { version: 0, standby: rows[0]?.['standby'] === 1 };
  }

  private async lookAgain(apiUuid: Uuid): Promise<FoundGate> {
    const { session } = this.pooled;
    await session.query('ROLLBACK', { answerTimeoutMs: ANSWER_MARGIN_MS });
    const { rows } = await session.query(readGateSql(apiUuid), { answerTimeoutMs: ANSWER_MARGIN_MS });
    return rows[0] === undefined ? { version: 0, standby: true } : foundGate(rows[0]);
  }

  /** A statement that has met another schema than its definition's did not fail by itself. */
  private async explain(error: unknown): Promise<Closed> {
    const answer = await this.confirm();
    if (answer === 'open') throw error;
    return answer;
  }

  /** Who is in the way, asked on our own session: a crowd of waiting readers must not open another crowd. */
  private async gateTimeout(apiUuid: Uuid, cause: unknown): Promise<EdenError> {
    const { session } = this.pooled;
    this.transaction.fail(cause);
    const look = async () => {
      await session.query('ROLLBACK', { answerTimeoutMs: ANSWER_MARGIN_MS });
      return holderOf(session, { table: '_eden_gate', key: 'api_uuid', uuid: apiUuid }, ANSWER_MARGIN_MS);
    };
    const holder = await look().catch(() => null);
    const { lockTimeoutMs } = this.options;
    const blockers = holder === null ? [] : [holder];
    const context = { endpoint_id: this.endpoint.id, api_uuid: apiUuid, lock_timeout_ms: lockTimeoutMs, blockers };
    return new EdenError('LOCK_TIMEOUT', context, { cause });
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isSessionLost(error)) this.transaction.fail(error);
      throw statementError(this.endpoint.id, error);
    }
  }

  private giveBack(fit: boolean): void {
    this.phase = 'over';
    void this.pooled.release(fit);
  }
}

function foundGate(row: Readonly<Record<string, unknown>>): FoundGate {
  return { version: Number(row['schema_version']), standby: row['standby'] === 1 };
}
