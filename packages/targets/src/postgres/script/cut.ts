import { readPostgresToken, type Token } from '@eden/lexers';
import { copyDataEnd, lineEnd } from './copy-data.js';
import { problemAt } from './problem.js';
import { StatementShape } from './statement-shape.js';

/** One statement of a text, by the rules of psql; offsets in UTF-16 units of the text. */
export interface ScriptPiece {
  /** Among the statements of the text, from 1. */
  readonly number: number;
  readonly start: number;
  /** Behind its semicolon, which psql sends as well. */
  readonly end: number;
  /** Its first word in capitals; empty where it begins with none. */
  readonly keyword: string;
  /** It holds a name that the service has to look at, so it is parsed before it runs. */
  readonly isDoubtful: boolean;
  /** Where something stands that psql would take for a variable, if it had one of the name. */
  readonly variableAt: number | null;
  /** The lines of data behind COPY … FROM STDIN. */
  readonly data: { readonly start: number; readonly end: number } | null;
}

const BYTE_ORDER_MARK = '\uFEFF';
/** Those of pg_dump: what stands between them is plain SQL. */
const PASSED_OVER = /\\(?:un)?restrict(?=[ \t\r\n]|$)[^\n\\]*/y;
const COMMAND = /\\[^\s\\]*/y;
/** Behind a colon, as psql reads variables. */
const VARIABLE = /[\w'"\u0080-\uFFFF]|\{\?/y;

/**
 * Cuts a text into its statements as psql does (src/fe_utils/psqlscan.l and src/bin/psql/mainloop.c of PostgreSQL): at
 * semicolons outside of parentheses and of BEGIN ATOMIC … END. Reads as far as it is asked to, and copies nothing.
 * @throws ScriptProblem where psql would do something that the service cannot, or the text ends within a token
 */
export function* cutScript(text: string): Generator<ScriptPiece> {
  const cutter = new Cutter(text);
  for (let piece = cutter.next(); piece !== null; piece = cutter.next()) yield piece;
}

class Cutter {
  private offset: number;
  private shape = new StatementShape();
  private start = -1;
  private end = -1;
  private number = 1;

  constructor(private readonly text: string) {
    this.offset = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  }

  next(): ScriptPiece | null {
    while (this.offset < this.text.length) {
      const token = readPostgresToken(this.text, this.offset);
      this.offset = token.end;
      if (this.take(token)) return this.finish();
    }
    return this.start < 0 ? null : this.finish();
  }

  /** Answers whether the token ends a statement. */
  private take(token: Token): boolean {
    if (!token.closed) this.refuseOpen(token);
    if (token.kind === 'space' || token.kind === 'comment') return false;
    if (token.kind === 'punctuation') return this.takePunctuation(token);
    if (token.kind === 'unknown' && this.text[token.start] === '\\') return this.takeCommand(token.start);
    this.cover(token);
    this.shape.take(token.kind, this.text, token.start, token.end);
    return false;
  }

  private takePunctuation(token: Token): boolean {
    const sign = this.text[token.start];
    const isEnd = sign === ';' && this.shape.isComplete;
    if (isEnd && this.start < 0) return false;
    this.cover(token);
    if (isEnd) return true;
    this.shape.takeSign(sign ?? '');
    if (sign === ':' && token.end - token.start === 1 && matchesAt(VARIABLE, this.text, token.end)) {
      this.shape.noteVariable(token.start);
    }
    return false;
  }

  private takeCommand(start: number): boolean {
    const passedOver = matchAt(PASSED_OVER, this.text, start);
    if (passedOver !== null) {
      this.offset = start + passedOver.length;
      return false;
    }
    const command = matchAt(COMMAND, this.text, start) ?? '\\';
    if (command.startsWith('\\;')) {
      this.offset = start + 2;
      return this.start >= 0;
    }
    throw problemAt(this.text, start, this.number, `psql's own command ${command} cannot be run here: leave it out`);
  }

  private cover({ start, end }: Token): void {
    if (this.start < 0) this.start = start;
    this.end = end;
  }

  private finish(): ScriptPiece {
    const { shape, start, end, number } = this;
    const data = shape.readsData ? this.takeData() : null;
    const { keyword, isDoubtful, variableAt } = shape;
    this.shape = new StatementShape();
    this.start = -1;
    this.number += 1;
    return { number, start, end, keyword, isDoubtful, variableAt, data };
  }

  /** The lines behind the one that the statement ends on, up to `\.` or the end of the text. */
  private takeData(): ScriptPiece['data'] {
    const { text } = this;
    const start = lineEnd(text, this.offset);
    this.refuseBehindCopy(start);
    const { end, next } = copyDataEnd(text, start);
    this.offset = next;
    return { start, end };
  }

  private refuseBehindCopy(until: number): void {
    for (let at = this.offset; at < until;) {
      const { kind, start, end } = readPostgresToken(this.text, at);
      at = end;
      if (kind === 'space' || (kind === 'comment' && end <= until)) continue;
      throw problemAt(this.text, start, this.number, 'behind COPY … FROM STDIN; its data begin, on the next line');
    }
  }

  private refuseOpen({ kind, start }: Token): void {
    if (kind === 'comment' && this.text.startsWith('--', start)) return;
    const what = kind === 'comment' ? 'a comment' : kind.endsWith('Identifier') ? 'an identifier' : 'a literal';
    throw problemAt(this.text, start, this.number, `${what} begins here and never ends`);
  }
}

function matchAt(pattern: RegExp, text: string, offset: number): string | null {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? null;
}

function matchesAt(pattern: RegExp, text: string, offset: number): boolean {
  pattern.lastIndex = offset;
  return pattern.test(text);
}
