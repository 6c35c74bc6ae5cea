import type {
  BatchCheckpoint,
  BatchSession,
  EdenError,
  OutsideSpec,
  Statement,
  StatementResult,
  TargetPressure,
} from '@eden/domain';
import { KeepAlive } from '../../keep-alive.js';
import { ERROR, hasErrno } from '../errors.js';
import type { GuardedSession } from '../guard/guarded-session.js';
import { cutOrFail } from '../statements.js';
import { Transaction, type Timeouts } from '../transaction.js';
import { checkpointIn, checkpointSql, type StepRow } from './step-row.js';

/** Whoever waits longer for a row is in the way of nobody, but does not get on either. */
const BATCH_LOCK_TIMEOUT_MS = 30_000;

/** A table of the server that only those read who may see all of its sessions. */
const MAY_SEE_ALL = 'SELECT COUNT(*) FROM information_schema.INNODB_TRX';

/** A primary knows its replicas by the sessions that read its log, and not how far they are. */
const PRESSURE = `SELECT
    COALESCE(SUM(COMMAND LIKE 'Binlog Dump%'), 0) AS replicas,
    COALESCE(SUM(DB = DATABASE() AND COMMAND NOT IN ('Sleep', 'Daemon') AND COMMAND NOT LIKE 'Binlog Dump%'
      AND ID <> CONNECTION_ID()), 0) AS active_sessions
  FROM information_schema.PROCESSLIST`;

const NOT_TOLD: TargetPressure = {
  replicaLagMs: null,
  activeSessions: null,
  untold: 'GRANT PROCESS to the user of the endpoint',
};

/** What the session of the step does for its batches. */
interface BatchedStep {
  readonly session: GuardedSession;
  readonly spec: OutsideSpec;
  readonly answerTimeoutMs: number;
  /** Whoever says nothing for so long is ended by the server. */
  readonly idleMs: number;
  enter(): Promise<StepRow>;
  /** With somebody who looks at the session from outside. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  refused(): Promise<EdenError>;
}

/**
 * Batches of a step (protocol I35), each in one transaction with the place from which the next one starts. The row of the
 * step is the last thing that a batch changes: if it is no longer this session's, nothing of the batch is committed.
 */
export class MysqlBatches implements BatchSession {
  /** The pace of the run may make it wait for longer than the server does. */
  private readonly keepAlive: KeepAlive;
  private isClosed = false;

  constructor(private readonly step: BatchedStep) {
    this.keepAlive = new KeepAlive(step.idleMs / 3, () => step.session.query('DO 0'));
  }

  begin(): Promise<BatchCheckpoint> {
    return this.attempt(async () => checkpointIn(await this.step.enter()));
  }

  /** With its session. */
  close(): void {
    this.isClosed = true;
    this.keepAlive.pause();
  }

  run(statement: Statement, reached: (result: StatementResult) => BatchCheckpoint): Promise<void> {
    const { session, spec, answerTimeoutMs } = this.step;
    return this.attempt(async () => {
      const transaction = new Transaction(session, this.timeouts);
      try {
        await transaction.own('START TRANSACTION READ WRITE', answerTimeoutMs);
        const result = await transaction.run(cutOrFail(statement));
        const noted = await transaction.own(checkpointSql(spec, reached(result)), answerTimeoutMs);
        if (noted.rowCount !== 1) throw await this.lost();
        await transaction.own('COMMIT', answerTimeoutMs);
      } catch (error) {
        await this.rollBack().catch(() => undefined);
        throw error;
      }
    });
  }

  pressure(): Promise<TargetPressure> {
    const { session, answerTimeoutMs } = this.step;
    return this.attempt(async () => {
      try {
        await session.query(MAY_SEE_ALL, { answerTimeoutMs });
      } catch (error) {
        if (hasErrno(error, ERROR.specificAccessDenied)) return NOT_TOLD;
        throw error;
      }
      const { rows } = await session.query(PRESSURE, { answerTimeoutMs });
      return pressureIn(Number(rows[0]?.['replicas']), Number(rows[0]?.['active_sessions']));
    });
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    this.keepAlive.pause();
    try {
      return await this.step.attempt(work);
    } finally {
      if (!this.isClosed) this.keepAlive.resume();
    }
  }

  /** Who has it now is read outside of the transaction, which is no more. */
  private async lost(): Promise<EdenError> {
    await this.rollBack();
    return this.step.refused();
  }

  private async rollBack(): Promise<void> {
    await this.step.session.query('ROLLBACK', { answerTimeoutMs: this.step.answerTimeoutMs });
  }

  private get timeouts(): Timeouts {
    const { lockTimeoutMs = BATCH_LOCK_TIMEOUT_MS, timeoutMs = 0 } = this.step.spec.work;
    return { lockTimeoutMs, statementTimeoutMs: timeoutMs };
  }
}

function pressureIn(replicas: number, activeSessions: number): TargetPressure {
  return {
    replicaLagMs: replicas === 0 ? 0 : null,
    activeSessions,
    untold: 'a primary of MariaDB does not know how far its replicas are: take max_replica_lag_ms away',
  };
}
