import { EdenError, type StatementLimits, type StatementResult } from '@eden/domain';
import { commitsByItself, refusalsOf } from './analyze.js';
import { ERROR, hasErrno } from './errors.js';
import type { Answer, GuardedSession } from './guard/guarded-session.js';
import { notePlace } from './place.js';
import { ANSWER_MARGIN_MS, wholeSeconds } from './sql.js';
import type { CutStatement } from './statements.js';

/** Bounds inside the server, in milliseconds; 0 = none. */
export interface Timeouts {
  readonly lockTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/** MariaDB's default for waits without a bound of ours: a day. */
const LONGEST_LOCK_WAIT_S = 86_400;

/** Before a procedure is called; no text that is run may have one of this name. */
const CALLED = '_eden_called';

/** Nobody needs more of what a server says beside an answer. */
export const MOST_WARNINGS = 50;

/**
 * The statements of one transaction on one session. MariaDB goes on behind a statement that has failed and would commit the
 * rest; here a failed transaction takes nothing but a rollback, as it does everywhere else.
 */
export class Transaction {
  private timeouts: Timeouts | null = null;
  private failure: unknown = null;

  constructor(
    private readonly session: GuardedSession,
    private readonly defaults: Timeouts,
    /** What is said to whom a statement is refused that commits by itself. */
    private readonly instead: string | null = null,
  ) {}

  /** A statement of ours. */
  async own(text: string, answerTimeoutMs?: number): Promise<Answer> {
    this.assertUsable();
    return this.session.query(text, { answerTimeoutMs: answerTimeoutMs ?? this.answerTimeoutMs });
  }

  /**
   * Statements of a template, one by one; the last one gives the rows, unless nobody wants them.
   * @throws EdenError TEMPLATE_EXECUTION_FAILED for what must not run in a transaction
   */
  async run(
    statements: readonly CutStatement[],
    limits: StatementLimits = {},
    told?: (answer: Answer) => Promise<void>,
  ) {
    this.assertUsable();
    assertMayRun(statements, this.instead);
    await this.limit(this.timeoutsOf(limits));
    let last: Answer = { rows: [], rowCount: 0, warnings: 0 };
    for (const [at, statement] of statements.entries()) {
      const isWanted = limits.rows !== 'discard' && at === statements.length - 1;
      if (isCall(statement)) await this.own(`SAVEPOINT ${CALLED}`);
      last = await this.runPlaced(statement, isWanted ? undefined : 'discard');
      await told?.(last);
      if (isCall(statement)) await this.assertGoesOn();
    }
    return { rows: last.rows, rowCount: last.rowCount } satisfies StatementResult;
  }

  /** Makes the bounds hold, for all that follows. */
  async limit(timeouts: Timeouts): Promise<void> {
    const { lockTimeoutMs, statementTimeoutMs } = timeouts;
    if (this.timeouts?.lockTimeoutMs === lockTimeoutMs && this.timeouts.statementTimeoutMs === statementTimeoutMs)
      return;
    const lockWait = lockTimeoutMs === 0 ? LONGEST_LOCK_WAIT_S : wholeSeconds(lockTimeoutMs);
    const settings = [
      `innodb_lock_wait_timeout = ${lockWait}`,
      `lock_wait_timeout = ${lockWait}`,
      `max_statement_time = ${statementTimeoutMs / 1000}`,
    ];
    await this.own(`SET SESSION ${settings.join(', ')}`, ANSWER_MARGIN_MS);
    this.timeouts = timeouts;
  }

  private timeoutsOf({ lockTimeoutMs, timeoutMs }: StatementLimits): Timeouts {
    const { defaults } = this;
    return {
      lockTimeoutMs: lockTimeoutMs || defaults.lockTimeoutMs,
      statementTimeoutMs: timeoutMs || defaults.statementTimeoutMs,
    };
  }

  /** Something has failed in it; what it had done before is to be undone. */
  fail(error: unknown): void {
    this.failure ??= error;
  }

  /** It is again as it was before what has failed. @throws what failed where that was a deadlock: it leaves no savepoint */
  recover(): void {
    if (hasErrno(this.failure, ERROR.deadlock)) throw this.failure as Error;
    this.failure = null;
  }

  private get answerTimeoutMs(): number {
    const limitMs = this.timeouts?.statementTimeoutMs ?? 0;
    return limitMs === 0 ? 0 : limitMs + ANSWER_MARGIN_MS;
  }

  private async runPlaced(statement: CutStatement, rows: 'discard' | undefined): Promise<Answer> {
    try {
      return await this.session.query(statement.text, { rows, answerTimeoutMs: this.answerTimeoutMs });
    } catch (error) {
      notePlace(error, statement.place);
      this.fail(error);
      throw error;
    }
  }

  /** A procedure may end the transaction, and with it the lock of the gate; its savepoints end with it. */
  private async assertGoesOn(): Promise<void> {
    try {
      await this.own(`RELEASE SAVEPOINT ${CALLED}`, ANSWER_MARGIN_MS);
    } catch (error) {
      if (!hasErrno(error, ERROR.noSuchSavepoint)) throw error;
      const message =
        'the procedure has ended the transaction: what was done up to there is kept, the rest is not done';
      throw new EdenError('TEMPLATE_EXECUTION_FAILED', { sqlstate: '2D000', message }, { cause: error });
    }
  }

  private assertUsable(): void {
    if (this.failure === null) return;
    const message = 'a statement before has failed, so that the transaction takes no further ones';
    throw new EdenError('TEMPLATE_EXECUTION_FAILED', { sqlstate: '25000', message }, { cause: this.failure });
  }
}

function isCall({ parts }: CutStatement): boolean {
  return parts[0]?.text === 'CALL';
}

/** Values that are only known at run time (`{{raw x}}`) may have changed what was analyzed at sync. */
function assertMayRun(statements: readonly CutStatement[], instead: string | null): void {
  const committing = statements.find(commitsByItself);
  const reasons = [
    ...refusalsOf(statements),
    ...(committing === undefined
      ? []
      : [`${committing.parts[0]?.text} commits by itself, and can be no part of a transaction`]),
  ];
  if (reasons.length === 0) return;
  const hint = committing === undefined || instead === null ? {} : { suggestion: instead };
  throw new EdenError('TEMPLATE_EXECUTION_FAILED', { sqlstate: '0A000', message: reasons.join('; '), ...hint });
}
