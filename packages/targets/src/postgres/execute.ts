import {
  EdenError,
  type Endpoint,
  type ErrorContext,
  type ExecutionOptions,
  type ExecutionSession,
  type GateAnswer,
  type JsonObject,
  type ReaderGate,
  type Statement,
  type StatementLimits,
  type StatementResult,
} from '@eden/domain';
import type { QueryResult } from 'pg';
import { RUN_IN_MIGRATION } from '../runs-in-migration.js';
import { sever } from './connect.js';
import { hasSqlstate, isSessionLost, SQLSTATE, statementError } from './errors.js';
import {
  gateOf,
  gateStatements,
  installedOf,
  judgeGate,
  SELECT_INSTALLED,
  selectGate,
  type FoundGate,
} from './gate.js';
import { gateKey } from './names.js';
import type { PooledClient } from './pool.js';
import { runScript } from './script/run-script.js';
import { completeReset, resetStatements } from './session-reset.js';
import { transactionalStatements, type SingleStatement } from './split.js';
import { milliseconds, readSql } from './sql.js';
import { Transaction } from './transaction.js';

const HOLDERS = readSql('gate-holders');

/** Why an execution has to start again. */
type Closed = Exclude<GateAnswer, 'open'>;

/**
 * One transaction of an API execution, on a connection of the pool.
 *
 *   new ──enter──▶ entered ──run…──▶ entered ──commit──▶ over
 *    ├─────────────────┴────── abandon ─────────────────▶ over
 *    └─────────────────── readOnce ─────────────────────▶ over
 *
 * Without a gate `enter` sends nothing: BEGIN travels with the first statement. With one, BEGIN, the lock and the
 * read of the gate are one message of separate statements. Separate, because under READ COMMITTED each statement has
 * its own snapshot: the read must not be older than the wait for the lock.
 */
export class PostgresExecution implements ExecutionSession {
  private readonly transaction: Transaction;
  private phase: 'new' | 'entered' | 'over' = 'new';
  /** Lost, or not as it was opened: not to be given to the next execution. */
  private unfit = false;
  /** In a transaction that takes nothing but a rollback. */
  private failed = false;
  /** The gate as it was before the first statement. */
  private found: FoundGate | null = null;

  constructor(
    private readonly client: PooledClient,
    private readonly endpoint: Endpoint,
    private readonly options: ExecutionOptions,
  ) {
    this.transaction = new Transaction(client, options);
    // One answer is made of all rows, so they are in memory together.
    client.guarded.holdAnswers();
  }

  async enter(): Promise<GateAnswer> {
    if (this.phase !== 'new') throw new Error('an execution enters once');
    const { gate, lockTimeoutMs } = this.options;
    return gate?.mode === 'watch' ? this.enterWatching(gate) : this.enterWithin(lockTimeoutMs);
  }

  async run(statement: Statement, limits?: StatementLimits): Promise<StatementResult> {
    if (this.phase !== 'entered') throw new Error('an execution runs between enter and commit');
    if (statement.syntax === 'sql') return this.attempt(() => runScript(this.transaction, statement.text, limits));
    const statements = await transactionalStatements(statement);
    return this.attempt(() => this.transaction.run(statements, limits));
  }

  get isOnStandby(): boolean {
    return this.found?.standby === true;
  }

  async confirm(): Promise<GateAnswer> {
    const { gate, readOnly } = this.options;
    // What may write was refused by a standby when it began.
    if (gate === null || this.unfit || !readOnly || this.found?.standby === false) return 'open';
    return this.attempt(() => this.lookAgain(gate));
  }

  async readOnce(statement: Statement, limits?: StatementLimits): Promise<StatementResult | Closed> {
    if (statement.syntax === 'sql') return this.readInTurn(() => runScript(this.transaction, statement.text, limits));
    const statements = await transactionalStatements(statement);
    const [only, ...others] = statements;
    // Parameters travel in the extended protocol only, which takes one statement for each message.
    if (only === undefined || others.length > 0 || only.values.length > 0)
      return this.readInTurn(() => this.transaction.run(statements, limits));
    try {
      return await this.readTogether(only, limits);
    } catch (error) {
      return this.readAfter(error, statements, limits);
    }
  }

  /** @throws EdenError TEMPLATE_EXECUTION_FAILED for a deferred constraint, or when a statement has failed before. */
  async commit(): Promise<void> {
    await this.attempt(() => this.sendLast());
    this.giveBack();
  }

  async abandon(): Promise<void> {
    if (this.phase === 'over') return;
    if (this.phase === 'entered' && !this.unfit) await this.rollBack();
    this.giveBack();
  }

  /** @param lockTimeoutMs How long to wait for the gate. */
  private async enterWithin(lockTimeoutMs: number): Promise<GateAnswer> {
    this.beginSlow(lockTimeoutMs);
    const { gate } = this.options;
    if (gate === null) return 'open';
    this.found = await this.readGate(gate);
    return judgeGate(gate, this.found);
  }

  /** The gate is read in the message of the first statement, and judged when all have been answered. */
  private enterWatching({ apiUuid }: ReaderGate): GateAnswer {
    this.beginSlow();
    if (this.options.readOnly)
      this.transaction.deferRead(selectGate(apiUuid), (result) => (this.found = gateOf(result)));
    return 'open';
  }

  /** A gate only ever goes up, so what is equal before and after was equal in between. */
  private async lookAgain(gate: ReaderGate): Promise<GateAnswer> {
    const before = this.found;
    const now = await this.readAgain(gate);
    if (!now.standby) return 'open';
    return before !== null && before.version !== now.version ? 'newer' : judgeGate(gate, now);
  }

  private async readAgain(gate: ReaderGate): Promise<FoundGate> {
    const isUncertain = this.failed || this.found?.installed === false;
    if (!isUncertain) return gateOf((await this.transaction.sendTogether(selectGate(gate.apiUuid))).at(-1));
    await this.transaction.rollBack();
    this.beginSlow();
    return this.readGate({ ...gate, mode: 'watch' });
  }

  private begin(lockTimeoutMs = this.options.lockTimeoutMs): void {
    this.phase = 'entered';
    this.transaction.defer(
      `BEGIN ISOLATION LEVEL READ COMMITTED, ${this.options.readOnly ? 'READ ONLY' : 'READ WRITE'}`,
    );
    this.transaction.limit({ ...this.options, lockTimeoutMs });
  }

  /** One of several messages: if this process is stopped between two of them, it must not stay in the gate. */
  private beginSlow(lockTimeoutMs?: number): void {
    this.begin(lockTimeoutMs);
    if (this.options.gate === null) return;
    const idle = milliseconds(this.options.idleTimeoutMs);
    this.transaction.defer(`SET LOCAL idle_in_transaction_session_timeout = ${idle}`);
  }

  private async readInTurn(read: () => Promise<StatementResult>) {
    const answer = await this.enter();
    return answer === 'open' ? this.runAndCommit(read) : answer;
  }

  private async runAndCommit(read: () => Promise<StatementResult>) {
    const result = await this.attempt(read).catch((error: unknown) => this.explain(error));
    const answer = typeof result === 'string' ? result : await this.confirm();
    if (answer !== 'open') return answer;
    await this.commit();
    return result;
  }

  /** A statement that has met another schema than its definition's did not fail by itself. */
  private async explain(error: unknown): Promise<Closed> {
    const answer = await this.confirm();
    if (answer === 'open') throw error;
    return answer;
  }

  private async readTogether(statement: SingleStatement, limits?: StatementLimits): Promise<StatementResult | Closed> {
    const { gate } = this.options;
    this.begin();
    const gateAt = gate === null ? null : this.transaction.defer(...gateStatements(gate));
    const statementAt = this.transaction.deferStatement(statement, limits);
    const results = await this.sendLast();
    const answer = gate === null || gateAt === null ? 'open' : await this.judgeAtEnd(gate, gateOf(results[gateAt]));
    this.giveBack();
    if (answer !== 'open') return answer;
    const result = results[statementAt];
    return { rows: (result?.rows ?? []) as JsonObject[], rowCount: result?.rowCount ?? 0 };
  }

  /** The transaction is over; a standby is asked once more what its gate is now. */
  private async judgeAtEnd(gate: ReaderGate, before: FoundGate): Promise<GateAnswer> {
    const answer = judgeGate(gate, before);
    if (answer !== 'open' || !before.standby) return answer;
    const now = gateOf(await this.client.query(selectGate(gate.apiUuid)));
    return now.version === before.version ? 'open' : 'newer';
  }

  /**
   * Ends the transaction, with what was put off. Triggers that wait for the commit may leave something in the session,
   * so they run before the reset, and the reset before the COMMIT. In a failed transaction each of them fails.
   */
  private async sendLast(): Promise<readonly QueryResult[]> {
    const { readOnly } = this.options;
    if (!readOnly) this.transaction.defer('SET CONSTRAINTS ALL IMMEDIATE');
    const results = await this.transaction.commitTogether(...resetStatements(readOnly));
    this.unfit = !(await completeReset(this.client, results.at(-2)));
    return results;
  }

  /**
   * An error of the one message does not tell which of its statements it belongs to. A gate that is closed, newer, or
   * not there at all explains it; after a timeout all waiting has been done, and nobody waits a second time.
   */
  private async readAfter(error: unknown, statements: readonly SingleStatement[], limits?: StatementLimits) {
    if (this.options.gate === null || isSessionLost(error)) throw this.translate(error);
    const isTimeout = hasSqlstate(error, SQLSTATE.lockNotAvailable, SQLSTATE.queryCanceled);
    await this.attempt(() => this.transaction.rollBack());
    const answer = await this.enterWithin(isTimeout ? 1 : this.options.lockTimeoutMs);
    if (answer !== 'open') return answer;
    if (isTimeout) throw this.translate(error);
    return this.runAndCommit(() => this.transaction.run(statements, limits));
  }

  private async readGate(gate: ReaderGate): Promise<FoundGate> {
    try {
      return gateOf((await this.transaction.sendTogether(...gateStatements(gate))).at(-1));
    } catch (error) {
      if (hasSqlstate(error, SQLSTATE.undefinedTable)) return this.readUncertainGate(gate);
      throw await this.gateError(error, gate);
    }
  }

  /**
   * The database has no gates, so no migration was ever installed here; one may just be coming. The lock is taken
   * again first: whoever closes the gate must wait for us, or has committed before the look at the catalog.
   */
  private async readUncertainGate(gate: ReaderGate): Promise<FoundGate> {
    try {
      await this.transaction.rollBack();
      this.beginSlow();
      const results = await this.transaction.sendTogether(...gateStatements(gate).slice(0, -1), SELECT_INSTALLED);
      const found = installedOf(results.at(-1));
      if (!found.installed) return found;
      return gateOf((await this.transaction.sendTogether(selectGate(gate.apiUuid))).at(-1));
    } catch (error) {
      throw await this.gateError(error, gate);
    }
  }

  private async gateError(error: unknown, gate: ReaderGate): Promise<EdenError> {
    if (!hasSqlstate(error, SQLSTATE.lockNotAvailable, SQLSTATE.queryCanceled)) return this.translate(error);
    const blockers = await this.gateHolders(gate);
    return new EdenError(
      'LOCK_TIMEOUT',
      { endpoint_id: this.endpoint.id, api_uuid: gate.apiUuid, lock_timeout_ms: this.options.lockTimeoutMs, blockers },
      { cause: error },
    );
  }

  /** Who is in the way, asked on our own connection: a crowd of waiting readers must not open another crowd. */
  private async gateHolders(gate: ReaderGate): Promise<readonly unknown[]> {
    try {
      await this.transaction.rollBack();
      const { rows } = await this.client.query(HOLDERS, [String(gateKey(gate.apiUuid))]);
      return rows;
    } catch (error) {
      this.unfit = isSessionLost(error);
      return [];
    }
  }

  private async attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.translate(error);
    }
  }

  private translate(error: unknown): EdenError {
    if (isSessionLost(error)) this.unfit = true;
    else this.failed = true;
    return statementError(this.endpoint.id, error, outsideHint(error));
  }

  private async rollBack(): Promise<void> {
    try {
      const results = await this.transaction.rollBack(...resetStatements(this.options.readOnly));
      this.unfit = !(await completeReset(this.client, results.at(-1)));
    } catch {
      // Whatever it was: the server rolls back when the session goes.
      this.unfit = true;
    }
  }

  private giveBack(): void {
    this.phase = 'over';
    this.client.guarded.releaseAnswers();
    if (this.unfit) sever(this.client);
    this.client.release(this.unfit);
  }
}

/** Texts as they are reach the server, which finds what can be in no transaction. Within a function a migration cannot, either. */
function outsideHint(error: unknown): ErrorContext {
  const isOutside = hasSqlstate(error, SQLSTATE.activeTransaction) && (error as { where?: string }).where === undefined;
  return isOutside ? { suggestion: RUN_IN_MIGRATION } : {};
}
