import { positionOf } from './parse.js';
import { restoreIndexes } from './tags.js';
import type {
  BlockStatement,
  ContentStatement,
  MustacheStatement,
  Program,
  Statement,
  UnsupportedStatement,
} from './ast.js';
import type { Position } from '../problems.js';
import { positionAt } from '../problems.js';

/** Text between two tags: comments are gone and `~` has been applied. */
export interface Content {
  readonly type: 'Content';
  readonly text: string;
  readonly at: Position;
}

export type Tag = MustacheStatement | BlockStatement | UnsupportedStatement;

/** Whether the tags around a program strip the white space at its two ends. */
export interface Edges {
  readonly start: boolean;
  readonly end: boolean;
}

export const OUTERMOST: Edges = { start: false, end: false };

/** The statements of a program; neighbouring pieces of text are one, so that a lexer meets a cut only at a real tag. */
export function statementsOf(program: Program, edges: Edges): (Content | Tag)[] {
  const statements: (Content | Tag)[] = [];
  program.body.forEach((statement, i) => {
    if (statement.type === 'CommentStatement') return;
    if (statement.type !== 'ContentStatement') return void statements.push(statement);
    const content = contentOf(statement, {
      start: stripsAt(program.body[i - 1], 'close', edges.start),
      end: stripsAt(program.body[i + 1], 'open', edges.end),
    });
    const last = statements.at(-1);
    if (last?.type === 'Content') statements[statements.length - 1] = { ...last, text: last.text + content.text };
    else statements.push(content);
  });
  return statements;
}

/** The edges of the main part of a block, and of its else part. */
export function edgesOf(block: BlockStatement): { program: Edges; inverse: Edges } {
  const inverted = block.program === undefined;
  const middle = block.inverseStrip;
  const close = block.closeStrip?.open ?? false;
  const main = { start: block.openStrip.close ?? false, end: middle?.open ?? close };
  const other = { start: inverted ? main.start : (middle?.close ?? false), end: close };
  return { program: main, inverse: other };
}

function contentOf({ value, loc }: ContentStatement, strip: Edges): Content {
  const text = restoreIndexes(value);
  const fromStart = strip.start ? text.trimStart() : text;
  const at = positionAt(text, text.length - fromStart.length, positionOf(loc));
  return { type: 'Content', text: strip.end ? fromStart.trimEnd() : fromStart, at };
}

/** Whether the neighbour (or, at the end of a program, the tag around it) has a `~` on the side of the text. */
function stripsAt(neighbour: Statement | undefined, side: 'open' | 'close', edge: boolean): boolean {
  if (neighbour === undefined) return edge;
  if (neighbour.type === 'BlockStatement') {
    return (side === 'open' ? neighbour.openStrip.open : neighbour.closeStrip?.close) ?? false;
  }
  return 'strip' in neighbour ? (neighbour.strip[side] ?? false) : false;
}
