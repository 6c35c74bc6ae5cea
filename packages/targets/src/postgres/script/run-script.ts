import type { StatementLimits, StatementResult } from '@eden/domain';
import type { SingleStatement } from '../split.js';
import type { Transaction } from '../transaction.js';
import { copyChunks } from './copy-data.js';
import type { ScriptPiece } from './cut.js';
import { cutScript } from './cut.js';
import { isPlain, judge } from './judge.js';
import { problemAt, ScriptProblem } from './problem.js';
import { deallocateAll, rememberState, restoreState } from './session-state.js';

/** What is sent at a time without an answer: enough to hide the way there and back, and to read on while the server works. */
const WINDOW_STATEMENTS = 256;
/** In UTF-16 units. */
const WINDOW_LENGTH = 256 * 1024;

const NOTHING: StatementResult = { rows: [], rowCount: 0 };

/**
 * Runs a text as it is, statement by statement as psql does, inside the transaction that is open. Whatever it sets
 * counts to its end; then settings, authorization and role are what they were, and what it prepared is gone.
 * @throws ScriptProblem for what the service cannot do; errors of the server with their place in the text
 */
export async function runScript(
  transaction: Transaction,
  text: string,
  limits: StatementLimits = {},
): Promise<StatementResult> {
  transaction.limitStatement(limits);
  const prepares = /\bprepare\b/i.test(text);
  // What an attempt that failed has left.
  if (prepares) await deallocateAll(transaction);
  const before = transaction.knownState ?? (await rememberState(transaction));
  transaction.knownState = null;
  if (!before.hasStandardStrings) {
    throw new ScriptProblem('the database has standard_conforming_strings = off, which is not supported', 1, 1, 1);
  }
  const result = await new ScriptRun(transaction, text, limits).run();
  restoreState(transaction, before);
  if (prepares) await deallocateAll(transaction);
  transaction.knownState = before;
  return result;
}

class ScriptRun {
  private window: ScriptPiece[] = [];
  private length = 0;
  private result = NOTHING;

  constructor(
    private readonly transaction: Transaction,
    private readonly text: string,
    private readonly limits: StatementLimits,
  ) {}

  async run(): Promise<StatementResult> {
    for (const piece of cutScript(this.text)) {
      if (!(await this.isToRun(piece))) continue;
      if (this.isFull || piece.data !== null) await this.sendWindow();
      this.window.push(piece);
      this.length += piece.end - piece.start;
      if (piece.data !== null) await this.copy(piece, piece.data);
    }
    await this.sendWindow();
    return this.result;
  }

  /** The next statement is known to follow, so none of those in the window is the last one. */
  private get isFull(): boolean {
    return this.window.length >= WINDOW_STATEMENTS || this.length >= WINDOW_LENGTH;
  }

  private async isToRun(piece: ScriptPiece): Promise<boolean> {
    if (isPlain(piece)) return true;
    const { verdict, refusal } = await judge(this.text, piece);
    if (refusal !== null) throw problemAt(this.text, piece.variableAt ?? piece.start, piece.number, refusal);
    return verdict === 'run';
  }

  private async sendWindow(): Promise<void> {
    const pieces = this.takeWindow();
    if (pieces.length === 0) return;
    this.result = await this.transaction.runAll(
      pieces.map((piece) => this.statementOf(piece)),
      this.limits.rows,
    );
  }

  private async copy(piece: ScriptPiece, { start, end }: NonNullable<ScriptPiece['data']>): Promise<void> {
    this.takeWindow();
    const rowCount = await this.transaction.copy(this.statementOf(piece), copyChunks(this.text, start, end));
    this.result = { rows: [], rowCount };
  }

  private takeWindow(): readonly ScriptPiece[] {
    const pieces = this.window;
    this.window = [];
    this.length = 0;
    return pieces;
  }

  private statementOf({ number, start, end, keyword }: ScriptPiece): SingleStatement {
    const place = { source: this.text, number, start };
    const statement = { text: this.text.slice(start, end), values: [], place };
    return keyword === 'COPY' ? { ...statement, copies: 'out' } : statement;
  }
}
