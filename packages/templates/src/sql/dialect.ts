import type { CodeLiterals } from './code-places.js';
import type { TemplatedKind, Token } from '@eden/lexers';

/** What the writer of SQL templates has to know about one kind of database. */
export interface SqlDialect {
  /**
   * Splits SQL text into tokens that cover it without a gap; only the last one may be unclosed.
   * @param open the literal or identifier that the text begins in
   */
  tokenize(text: string, open: TemplatedKind | null): Token[];
  /** The value of what stands between the quotes of a literal or identifier. */
  unquote(kind: TemplatedKind, body: string): string;
  /** A literal that reads as `text` whatever the session's settings are. */
  quoteString(text: string): string;
  /** @throws RenderProblem when no identifier can have this name */
  quoteIdentifier(name: string): string;
  /** True for words behind which an operand stands (`WHERE`, `BY`), so that `-1` there is a sign and no subtraction. */
  expectsOperand(word: string): boolean;
  /** How a statement names a value that travels beside it; null where its session takes none of any type. */
  readonly placeholder: ((number: number) => string) | null;
  /** Which literals are run as code, where no placeholder can be kept apart from it. */
  readonly code: CodeLiterals;
}
