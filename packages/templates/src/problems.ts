/** A place in a template's text; both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** For whoever did not mean a tag: an array '{{1,2},{3,4}}', a function that renders something itself. */
export const LITERAL_BRACES =
  '; braces that are meant as such are written \\{{, or the whole text is taken as it is by "syntax":"sql"';

/** What is wrong with a template's text, and where. Becomes one issue of a VALIDATION_FAILED. */
export class TemplateProblem extends Error {
  override readonly name = 'TemplateProblem';

  constructor(at: Position, reason: string) {
    super(`line ${at.line}, column ${at.column}: ${reason}`);
  }
}

/** A value that cannot stand where the template wants it. Becomes TEMPLATE_NOT_RENDERED with the place added. */
export class RenderProblem extends Error {
  override readonly name = 'RenderProblem';
}

/** Where `offset` (UTF-16 units) of `text` stands, when `text` itself begins at `start`. */
export function positionAt(text: string, offset: number, start: Position = { line: 1, column: 1 }): Position {
  const before = text.slice(0, offset);
  const lineBreaks = before.match(/\r\n?|\n/g)?.length ?? 0;
  if (lineBreaks === 0) return { line: start.line, column: start.column + offset };
  const lastBreak = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r'));
  return { line: start.line + lineBreaks, column: offset - lastBreak };
}
