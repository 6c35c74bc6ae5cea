import { lineAndColumn } from '../place.js';

/** What keeps a text from running as it is, and where that stands. */
export class ScriptProblem extends Error {
  override readonly name = 'ScriptProblem';

  constructor(
    readonly reason: string,
    /** Of the statement within the text, from 1. */
    readonly statement: number,
    readonly line: number,
    readonly column: number,
  ) {
    super(`${reason} (line ${line}, column ${column})`);
  }
}

/** @param offset In UTF-16 units. */
export function problemAt(text: string, offset: number, statement: number, reason: string): ScriptProblem {
  const { line, column } = lineAndColumn(text.slice(0, offset));
  return new ScriptProblem(reason, statement, line, column);
}
