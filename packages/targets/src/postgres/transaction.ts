import { isDeepStrictEqual, types } from 'node:util';
import type { JsonObject, StatementLimits, StatementResult } from '@eden/domain';
import type { QueryConfig, QueryResult } from 'pg';
import { ProtocolViolation, SessionGivenUp } from './guard/guard-errors.js';
import type { GuardedClient } from './guard/guarded-client.js';
import { atPlace, type StatementPlace } from './place.js';
import type { SingleStatement } from './split.js';
import { ANSWER_MARGIN_MS, milliseconds } from './sql.js';

/** Bounds inside the server, in milliseconds; 0 = none. */
export interface Timeouts {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** What a session has set. */
export interface SessionState {
  /** Whether a backslash in '…' is a backslash. */
  readonly hasStandardStrings: boolean;
  readonly settings: Readonly<Record<string, string>>;
}

/** Reserved: no text that is run as it is may have one of this name. */
export const SAVEPOINT = '_eden';

/** 2^31 - 1: a longer delay would be none. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Statements that are sent behind others without waiting for the answers to those. */
export interface Turn {
  readonly statements: readonly SingleStatement[];
  readonly limits: StatementLimits;
  /** Called when the server has come to its end, before it says anything of what is behind it. */
  readonly ended: ((hasFailed: boolean) => void) | undefined;
}

/** The driver takes the bound per query, too; its types know it of sessions only. */
interface Bound {
  readonly query_timeout?: number;
}

/** Between the statements of one message. */
const SEPARATOR = '; ';

const ROLLBACK_BOUND: Bound = { query_timeout: ANSWER_MARGIN_MS };

/**
 * A transaction on one session. Statements that only steer it (BEGIN, SET LOCAL, SAVEPOINT, RELEASE) are put off and
 * travel as one message in front of the next statement, in the same write: they cost no round trip of their own. When
 * one of them fails, the statement behind it fails too, because the transaction then takes nothing but a rollback.
 */
export class Transaction {
  private deferred: string[] = [];
  /** Of the one statement among them that is a template's. */
  private placed: StatementPlace | undefined;
  private sent = false;
  /** Hears the results of what is deferred. */
  private told: ((results: readonly QueryResult[]) => void) | null = null;
  /** Statements whose answers are still to come. */
  private underWay = 0;
  /** As they will be when everything deferred has run. */
  private timeouts: Timeouts | null = null;
  /** What is set once everything deferred has run, where somebody has looked and nothing can have changed it since. */
  knownState: SessionState | null = null;
  /** What ROLLBACK TO brings back, the innermost savepoint last. */
  private readonly savepoints: (Timeouts | null)[] = [];

  constructor(
    private readonly client: GuardedClient,
    private readonly defaults: Timeouts,
  ) {}

  /** Puts off statements. Answers the place of the last one's result among those of the next message. */
  defer(...statements: readonly string[]): number {
    return this.deferred.push(...statements) - 1;
  }

  /** Puts off a query that nothing waits for; `told` hears its result when the next message is answered. */
  deferRead(query: string, told: (result: QueryResult | undefined) => void): void {
    const at = this.defer(query);
    this.told = (results) => told(results[at]);
  }

  /** The SET LOCALs that make `timeouts` hold; none when they hold already. */
  limit(timeouts: Timeouts): void {
    if (timeouts.lockTimeoutMs !== this.timeouts?.lockTimeoutMs) {
      this.defer(`SET LOCAL lock_timeout = ${milliseconds(timeouts.lockTimeoutMs)}`);
    }
    if (timeouts.statementTimeoutMs !== this.timeouts?.statementTimeoutMs) {
      this.defer(`SET LOCAL statement_timeout = ${milliseconds(timeouts.statementTimeoutMs)}`);
    }
    if (!isDeepStrictEqual(timeouts, this.timeouts)) this.knownState = null;
    this.timeouts = timeouts;
  }

  /**
   * Runs statements one by one, without waiting for the answers in between; the last one gives the rows, unless nobody
   * wants them. The server does none of those behind one that fails.
   */
  async run(
    statements: readonly SingleStatement[],
    limits: StatementLimits = {},
    ended?: Turn['ended'],
  ): Promise<StatementResult> {
    this.limitStatement(limits);
    if (limits.keepsSettings !== true) this.knownState = null;
    return this.runAll(statements, limits.rows, ended);
  }

  /** The same under the limits that hold already. */
  async runAll(
    statements: readonly SingleStatement[],
    rows: StatementLimits['rows'],
    ended?: Turn['ended'],
  ): Promise<StatementResult> {
    const last = statements.at(-1);
    const answers = this.client.guarded.inOneWrite(() =>
      statements.map((statement) =>
        statement === last ? this.sendPlaced(statement, rows ?? 'keep', ended) : this.sendPlaced(statement, 'discard'),
      ),
    );
    const answer = (await inOrder(answers)).at(-1);
    return { rows: answer?.rows ?? [], rowCount: answer?.rowCount ?? 0 };
  }

  /**
   * Runs turns in one write, each within a savepoint. Behind one that fails the server does nothing before a rollback to its
   * savepoint, which is the one that is left; the answers behind it are its error. The limits of all are the same, because a
   * message is bounded by those of the messages in front of it, too.
   */
  takeTurns(turns: readonly Turn[]): readonly Promise<StatementResult>[] {
    const sent = this.client.guarded.inOneWrite(() => turns.map((turn) => this.sendTurn(turn)));
    const allAnswered = Promise.allSettled(sent.map(({ answer }) => answer));
    const answers: Promise<StatementResult>[] = [];
    for (const { answer, saved } of sent) {
      const failed = async (error: unknown): Promise<never> => {
        await allAnswered;
        this.deferred = [];
        this.savepoints.push(saved);
        throw error;
      };
      const before: Promise<unknown> = answers.at(-1) ?? Promise.resolve();
      answers.push(before.then(() => answer.catch(failed)));
    }
    return answers;
  }

  private sendTurn({ statements, limits, ended }: Turn) {
    const saved = this.timeouts;
    this.savepoint();
    const answer = this.run(statements, limits, ended);
    this.releaseSavepoint();
    return { answer, saved };
  }

  /** Runs COPY … FROM STDIN with its data, behind what was put off; answers how many rows were copied. */
  async copy({ text, place }: SingleStatement, data: Iterable<Buffer>): Promise<number> {
    if (this.deferred.length > 0) await this.sendTogether();
    return atPlace(place, this.client.copyIn(text, data));
  }

  private async sendPlaced(
    { text, values, place, copies }: SingleStatement,
    rows: 'keep' | 'discard',
    ended?: Turn['ended'],
  ): Promise<QueryResult<JsonObject>> {
    // The server, which has the last word on where a statement ends, refuses a second one.
    const sent = this.send({ text, values, queryMode: 'extended' }, copies === 'out' ? 'copy' : rows, ended);
    return atPlace(place, sent);
  }

  /** Puts off a statement without parameters, too; answers the place of its result among those of the next message. */
  deferStatement({ text, place }: SingleStatement, limits: StatementLimits = {}): number {
    this.limitStatement(limits);
    const before = this.deferred.reduce((length, each) => length + each.length + SEPARATOR.length, 0);
    this.placed = { ...place, before };
    // It may end in a comment, which only a new line ends.
    return this.defer(`${text}\n`);
  }

  /** Sends one statement, behind what was put off. `copy`: its answer may be that of COPY … TO STDOUT. */
  async send(
    query: QueryConfig,
    rows: 'keep' | 'discard' | 'copy' = 'keep',
    ended?: Turn['ended'],
  ): Promise<QueryResult<JsonObject>> {
    const count = this.deferred.length;
    return this.withinLimit(count + 1, async (bound) => {
      const steered = count === 0 ? [] : [this.sendDeferred(bound)];
      const answer = this.client.ask({ ...query, ...bound }, rows, ended);
      await inOrder<unknown>([...steered, answer]);
      return answer;
    });
  }

  /** Sends what was put off and `statements` in one message; answers one result each. */
  async sendTogether(...statements: readonly string[]): Promise<readonly QueryResult[]> {
    this.deferred.push(...statements);
    return this.withinLimit(this.deferred.length, (bound) => this.sendDeferred(bound));
  }

  /**
   * Sends what was put off, `ending` and COMMIT in one message; answers one result each. What `ending` does takes no
   * time worth a limit of its own.
   */
  async commitTogether(...ending: readonly string[]): Promise<readonly QueryResult[]> {
    const limited = this.deferred.length + 1;
    this.deferred.push(...ending, 'COMMIT');
    const expected = this.deferred.length;
    const results = await this.withinLimit(limited, (bound) => this.sendDeferred(bound)).catch(nameOverdueCommit);
    if (results.length === expected && results.at(-1)?.command === 'COMMIT') return results;
    throw new ProtocolViolation('not every statement has its answer');
  }

  savepoint(): void {
    this.defer(`SAVEPOINT ${SAVEPOINT}`);
    this.savepoints.push(this.timeouts);
  }

  async rollbackToSavepoint(): Promise<void> {
    this.timeouts = this.savepoints.at(-1) ?? null;
    this.knownState = null;
    await this.sendTogether(`ROLLBACK TO SAVEPOINT ${SAVEPOINT}`);
  }

  releaseSavepoint(): void {
    this.defer(`RELEASE SAVEPOINT ${SAVEPOINT}`);
    this.savepoints.pop();
  }

  /** Ends it, whatever state it is in, and does `behind` in the same message; the next BEGIN starts anew. */
  async rollBack(...behind: readonly string[]): Promise<readonly QueryResult[]> {
    this.deferred = [];
    this.told = null;
    this.savepoints.length = 0;
    this.timeouts = null;
    this.knownState = null;
    if (!this.sent && behind.length === 0) return [];
    this.deferred.push('ROLLBACK', ...behind);
    const results = await this.sendDeferred(ROLLBACK_BOUND);
    this.sent = false;
    return results;
  }

  /** Those of a statement, or the defaults of the transaction. */
  limitStatement(limits: StatementLimits): void {
    this.limit({
      lockTimeoutMs: limits.lockTimeoutMs || this.defaults.lockTimeoutMs,
      statementTimeoutMs: limits.timeoutMs || this.defaults.statementTimeoutMs,
    });
  }

  /** The server itself ends statements in time; one that does not is hostile, silent, or out of reach. */
  private async withinLimit<T>(count: number, send: (bound: Bound) => Promise<T>): Promise<T> {
    this.underWay += count;
    const limitMs = this.underWay * (this.timeouts?.statementTimeoutMs ?? 0);
    try {
      return await send(limitMs === 0 ? {} : { query_timeout: Math.min(limitMs + ANSWER_MARGIN_MS, LONGEST_TIMER_MS) });
    } finally {
      this.underWay -= count;
    }
  }

  private async sendDeferred(bound: Bound): Promise<readonly QueryResult[]> {
    const { told, placed } = this;
    this.told = null;
    this.placed = undefined;
    // One message of several statements gives a list, which the driver's types do not know.
    const answer: unknown = await atPlace(placed, this.client.query({ text: this.takeDeferred(), ...bound }));
    const results = (Array.isArray(answer) ? answer : [answer]) as QueryResult[];
    told?.(results);
    return results;
  }

  private takeDeferred(): string {
    const text = this.deferred.join(SEPARATOR);
    this.deferred = [];
    this.sent = true;
    return text;
  }
}

/** It may have been done; what keeps a server from answering it, beside the network, is a standby. */
function nameOverdueCommit(error: unknown): never {
  if (!isOverdue(error)) throw error;
  const words =
    'no answer to COMMIT in time, so it may have been done; the server may be waiting for a synchronous standby';
  throw new SessionGivenUp(words, { cause: error });
}

/** The driver gives its own bound no code. */
function isOverdue(error: unknown): boolean {
  return types.isNativeError(error) && error.message === 'Query read timeout';
}

/** All the answers; of several errors the first one, which is the cause of the others. */
async function inOrder<T>(answers: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(answers);
  return settled.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  });
}
