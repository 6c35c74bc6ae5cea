import type {
  BatchCheckpoint,
  BatchSession,
  EdenError,
  OutsideSpec,
  Statement,
  StatementResult,
  TargetPressure,
} from '@eden/domain';
import { hasSqlstate, SQLSTATE } from '../errors.js';
import type { GuardedClient } from '../guard/guarded-client.js';
import { checkRow, type Columns } from '../guard/rows.js';
import { splitStatements, type SingleStatement } from '../split.js';
import { DURABLY, readSql } from '../sql.js';
import { Transaction, type Timeouts } from '../transaction.js';
import { ALL_KEYS, formOf, withKeysAlone, type BatchKeys } from './keys-alone.js';
import { ReplicaLag, type SeenReplica } from './replica-lag.js';
import { checkpointIn, checkpointSql, type StepRow } from './step-row.js';

const PRESSURE = readSql('pressure');

interface PressureRow extends SeenReplica {
  readonly is_told: boolean;
  readonly active_sessions: number;
}

const COLUMNS: Columns<PressureRow> = {
  is_told: 'boolean',
  active_sessions: 'number',
  replica: 'number',
  lag_ms: 'number',
  replayed_to: 'text',
  is_behind: 'boolean',
};

const UNTOLD = 'GRANT pg_read_all_stats to the role of the endpoint';

/** Whoever waits longer for a row is in the way of nobody, but does not get on either. */
const BATCH_LOCK_TIMEOUT_MS = 30_000;

/** What the session of the step does for its batches. */
interface BatchedStep {
  readonly client: GuardedClient;
  readonly spec: OutsideSpec;
  enter(): Promise<StepRow>;
  /** With somebody who looks at the session from outside. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
  fenced(): Promise<EdenError>;
}

/**
 * Batches of a step (protocol I35), each in one transaction with the place from which the next one starts. The row of the
 * step is the last thing that a batch changes: if it is no longer this session's, nothing of the batch is committed.
 */
export class PostgresBatches implements BatchSession {
  private readonly lag = new ReplicaLag();
  /** The server has refused a batch whose keys come as one row. */
  private isRefusedAlone = false;
  /** Of the keys of the batch before. */
  private keyType = 0;

  constructor(private readonly step: BatchedStep) {}

  begin(): Promise<BatchCheckpoint> {
    return this.step.attempt(async () => checkpointIn(await this.step.enter()));
  }

  run(
    statement: Statement,
    reached: (result: StatementResult) => BatchCheckpoint,
    keys: 'all' | 'bounds' = 'all',
  ): Promise<void> {
    return this.step.attempt(async () => {
      const statements = await splitStatements(statement);
      const form = keys === 'bounds' ? formOf(this.keyType) : ALL_KEYS;
      const alone = this.isRefusedAlone ? null : await withKeysAlone(statements, form);
      if (alone === null) return this.commit(statements, reached);
      try {
        return await this.commit([alone], ({ rows: [row] }) => reached(this.keysIn(form.read(row))));
      } catch (error) {
        // What it cannot do within WITH, as where a rule stands in its way; nothing of it was done.
        if (!hasSqlstate(error, SQLSTATE.featureNotSupported)) throw error;
        this.isRefusedAlone = true;
        return this.commit(statements, reached);
      }
    });
  }

  private keysIn({ type, ...result }: BatchKeys): StatementResult {
    this.keyType = type;
    return result;
  }

  private async commit(
    statements: readonly SingleStatement[],
    reached: (result: StatementResult) => BatchCheckpoint,
  ): Promise<void> {
    const transaction = new Transaction(this.step.client, this.timeouts);
    transaction.defer('BEGIN ISOLATION LEVEL READ COMMITTED, READ WRITE');
    try {
      const result = await transaction.run(statements);
      const noted = await transaction.sendTogether(checkpointSql(this.step.spec, reached(result)));
      if (noted.at(-1)?.rowCount !== 1) throw await this.lost(transaction);
      await transaction.commitTogether(DURABLY);
    } catch (error) {
      await transaction.rollBack().catch(() => undefined);
      throw error;
    }
  }

  pressure(): Promise<TargetPressure> {
    return this.step.attempt(async () => {
      const { rows } = await this.step.client.query(PRESSURE);
      return this.pressureIn(rows.map((row) => checkRow(row, COLUMNS)));
    });
  }

  private pressureIn(rows: readonly PressureRow[]): TargetPressure {
    const replicas = rows.filter(({ replica }) => replica !== 0);
    const isTold = rows.every(({ is_told: told }) => told);
    const lagMs = this.lag.greatestMs(replicas, performance.now());
    return {
      replicaLagMs: isTold || replicas.length === 0 ? lagMs : null,
      activeSessions: isTold ? (rows[0]?.active_sessions ?? 0) : null,
      untold: UNTOLD,
    };
  }

  /** Who has it now is read outside of the transaction, which is no more. */
  private async lost(transaction: Transaction): Promise<EdenError> {
    await transaction.rollBack();
    return this.step.fenced();
  }

  private get timeouts(): Timeouts {
    const { lockTimeoutMs = BATCH_LOCK_TIMEOUT_MS, timeoutMs = 0 } = this.step.spec.work;
    return { lockTimeoutMs, statementTimeoutMs: timeoutMs };
  }
}
