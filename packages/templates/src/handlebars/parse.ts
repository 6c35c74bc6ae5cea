import Handlebars from 'handlebars';
import type { Location, Program } from './ast.js';
import { prepareTags, restoreIndexes } from './tags.js';
import type { Position } from '../problems.js';
import { LITERAL_BRACES, positionAt, TemplateProblem } from '../problems.js';

/** What Handlebars' generated lexer leaves behind when the parser stops; its errors carry no position of their own. */
interface ParserRemains {
  readonly Parser: {
    readonly lexer: {
      readonly match: string;
      readonly yylloc: { readonly first_line: number; readonly first_column: number };
    };
  };
}

/**
 * Reads Handlebars text into its syntax tree. The tree is Handlebars' own, before its white-space pass (which takes
 * time with the square of the text on runs of white space); `statementsOf` does that part.
 * @throws TemplateProblem with line and column of what cannot be read.
 */
export function parseTemplate(text: string): Program {
  const prepared = prepareTags(text);
  try {
    return Handlebars.parseWithoutProcessing(prepared) as unknown as Program;
  } catch (error) {
    throw problemOf(error, text);
  }
}

export function positionOf(location: Location): Position {
  return { line: location.start.line, column: location.start.column + 1 };
}

function problemOf(error: unknown, text: string): unknown {
  if (error instanceof Handlebars.Exception && typeof error.lineNumber === 'number') {
    const at = { line: error.lineNumber, column: Number(error.column) + 1 };
    return new TemplateProblem(at, restoreIndexes(error.message).replace(/ - \d+:\d+$/, '') + LITERAL_BRACES);
  }
  if (!(error instanceof Error) || !/^(Parse|Lexical) error/.test(error.message)) return error;
  const { match, yylloc } = (Handlebars as unknown as ParserRemains).Parser.lexer;
  if (match === '')
    return new TemplateProblem(positionAt(text, text.length), `the text ends inside a tag or block${LITERAL_BRACES}`);
  const at = { line: yylloc.first_line, column: yylloc.first_column + 1 };
  return new TemplateProblem(at, `unexpected "${restoreIndexes(match)}" in a Handlebars tag${LITERAL_BRACES}`);
}
