import type { Position } from '../problems.js';
import { positionAt } from '../problems.js';
import type { Token } from '@eden/lexers';

/** Counts what a query holds: statements and `$n` parameters. */
export class StatementContents {
  #isBlank = true;
  #statementEnded = false;
  #secondStatementAt: Position | null = null;
  #highestParameter: { readonly number: number; readonly at: Position } = { number: 0, at: { line: 1, column: 1 } };
  #blockDepth = 0;

  get isBlank(): boolean {
    return this.#isBlank;
  }

  /** Where a second statement begins, or may begin because a block that ends one can be written twice. */
  get secondStatementAt(): Position | null {
    return this.#secondStatementAt;
  }

  get highestParameter(): { readonly number: number; readonly at: Position } {
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
    const number = Number(text.slice(start + 1, end));
    if (number > this.#highestParameter.number) this.#highestParameter = { number, at: positionAt(text, start, at) };
  }
}
