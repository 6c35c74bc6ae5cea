import type { JsonObject, StatementLimits, StatementResult } from '@eden/domain';
import type { Client, QueryConfig, QueryResult } from 'pg';
import type { SingleStatement } from './split.js';
import { milliseconds } from './sql.js';

/** Bounds inside the server, in milliseconds; 0 = none. */
export interface Timeouts {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

const SAVEPOINT = 'eden';

/**
 * A transaction on one session. Statements that only steer it (BEGIN, SET LOCAL, SAVEPOINT, RELEASE) are put off and
 * travel as one message in front of the next statement, in the same write: they cost no round trip of their own. When
 * one of them fails, the statement behind it fails too, because the transaction then takes nothing but a rollback.
 */
export class Transaction {
  private deferred: string[] = [];
  private sent = false;
  /** As they will be when everything deferred has run. */
  private timeouts: Timeouts | null = null;
  /** What ROLLBACK TO brings back, the innermost savepoint last. */
  private readonly savepoints: (Timeouts | null)[] = [];

  constructor(
    private readonly client: Client,
    private readonly defaults: Timeouts,
  ) {}

  /** Puts off statements. Answers the place of the last one's result among those of the next message. */
  defer(...statements: readonly string[]): number {
    return this.deferred.push(...statements) - 1;
  }

  /** The SET LOCALs that make `timeouts` hold; none when they hold already. */
  limit(timeouts: Timeouts): void {
    if (timeouts.lockTimeoutMs !== this.timeouts?.lockTimeoutMs) {
      this.defer(`SET LOCAL lock_timeout = ${milliseconds(timeouts.lockTimeoutMs)}`);
    }
    if (timeouts.statementTimeoutMs !== this.timeouts?.statementTimeoutMs) {
      this.defer(`SET LOCAL statement_timeout = ${milliseconds(timeouts.statementTimeoutMs)}`);
    }
    this.timeouts = timeouts;
  }

  /**
   * Runs statements one by one, without waiting for the answers in between; the last one gives the rows. The server
   * does none of those behind one that fails.
   */
  async run(statements: readonly SingleStatement[], limits: StatementLimits = {}): Promise<StatementResult> {
    this.limitStatement(limits);
    const results = await inOrder(statements.map((statement) => this.send(statement)));
    const last = results.at(-1);
    return { rows: last?.rows ?? [], rowCount: last?.rowCount ?? 0 };
  }

  /** Puts off a statement without parameters, too; answers the place of its result among those of the next message. */
  deferStatement(text: string, limits: StatementLimits = {}): number {
    this.limitStatement(limits);
    // It may end in a comment, which only a new line ends.
    return this.defer(`${text}\n`);
  }

  /** Sends one statement, behind what was put off. */
  async send<Row extends object = JsonObject>(query: QueryConfig): Promise<QueryResult<Row>> {
    const steering = this.takeDeferred();
    const steered = steering === '' ? [] : [this.client.query(steering)];
    const answer = this.client.query<Row>(query);
    await inOrder<unknown>([...steered, answer]);
    return answer;
  }

  /** Sends what was put off and `statements` in one message; answers one result each. */
  async sendTogether(...statements: readonly string[]): Promise<readonly QueryResult[]> {
    this.deferred.push(...statements);
    // One message of several statements gives a list, which the driver's types do not know.
    const answer: unknown = await this.client.query(this.takeDeferred());
    return (Array.isArray(answer) ? answer : [answer]) as QueryResult[];
  }

  savepoint(): void {
    this.defer(`SAVEPOINT ${SAVEPOINT}`);
    this.savepoints.push(this.timeouts);
  }

  async rollbackToSavepoint(): Promise<void> {
    this.timeouts = this.savepoints.at(-1) ?? null;
    await this.sendTogether(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
  }

  releaseSavepoint(): void {
    this.defer(`RELEASE SAVEPOINT ${SAVEPOINT}`);
    this.savepoints.pop();
  }

  /** Ends it, whatever state it is in, and does `behind` in the same message; the next BEGIN starts anew. */
  async rollBack(...behind: readonly string[]): Promise<readonly QueryResult[]> {
    this.deferred = [];
    this.savepoints.length = 0;
    this.timeouts = null;
    if (!this.sent && behind.length === 0) return [];
    const results = await this.sendTogether('ROLLBACK', ...behind);
    this.sent = false;
    return results;
  }

  private limitStatement(limits: StatementLimits): void {
    this.limit({
      lockTimeoutMs: limits.lockTimeoutMs || this.defaults.lockTimeoutMs,
      statementTimeoutMs: limits.timeoutMs || this.defaults.statementTimeoutMs,
    });
  }

  private takeDeferred(): string {
    const text = this.deferred.join('; ');
    this.deferred = [];
    this.sent = true;
    return text;
  }
}

/** All the answers; of several errors the first one, which is the cause of the others. */
async function inOrder<T>(answers: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(answers);
  return settled.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  });
}
