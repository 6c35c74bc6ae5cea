import type { Position } from '../problems.js';
import { positionAt } from '../problems.js';
import type { Token } from '@eden/lexers';

interface HighestParameter {
  readonly number: number;
  /** For messages. */
  readonly name: string;
  /** Counted when it is asked for: it goes over all of the text before it. */
  at(): Position;
}

/** Counts what a query holds: statements, and `$n` or `?` parameters. */
export class StatementContents {
  #isBlank = true;
  #statementEnded = false;
  #secondStatementAt: Position | null = null;
  #highestParameter: HighestParameter = { number: 0, name: '', at: () => ({ line: 1, column: 1 }) };
  #blockDepth = 0;

  get isBlank(): boolean {
    return this.#isBlank;
  }

  /** Where a second statement begins, or may begin because a block that ends one can be written twice. */
  get secondStatementAt(): Position | null {
    return this.#secondStatementAt;
  }

  get highestParameter(): HighestParameter {
    return this.#highestParameter;
  }

  text({ text, at }: { readonly text: string; readonly at: Position }, tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (token.kind === 'space' || token.kind === 'comment') continue;
      this.#meet(() => positionAt(text, token.start, at));
      if (token.kind === 'parameter') this.#parameter(text, token, at);
      if (token.kind === 'punctuation' && text.charAt(token.start) === ';') this.#statementEnded = true;
      if (this.#blockDepth > 0) this.#meet(() => positionAt(text, token.start, at));
    }
  }

  tag(at: Position): void {
    this.#meet(() => at);
  }

  enterBlock(): void {
    this.#blockDepth += 1;
  }

  leaveBlock(): void {
    this.#blockDepth -= 1;
  }

  #meet(at: () => Position): void {
    this.#isBlank = false;
    if (this.#statementEnded) this.#secondStatementAt ??= at();
  }

  #parameter(text: string, { start, end }: Token, at: Position): void {
    // `?` are counted as they come.
    const isNumbered = text.charAt(start) === '$';
    const number = isNumbered ? Number(text.slice(start + 1, end)) : this.#highestParameter.number + 1;
    if (number <= this.#highestParameter.number) return;
    const name = isNumbered ? text.slice(start, end) : `parameter ${number}`;
    this.#highestParameter = { number, name, at: () => positionAt(text, start, at) };
  }
}
