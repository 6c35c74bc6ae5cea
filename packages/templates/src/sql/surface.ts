import type { Content } from '../handlebars/statements.js';
import type { Placeholder, Step, Surface } from '../program.js';
import type { Position } from '../problems.js';
import { LITERAL_BRACES, positionAt, TemplateProblem } from '../problems.js';
import type { Head } from './boundary.js';
import { AFTER, CONTIGUOUS, every, GLUE, headOf, OPERAND_ENDS, some, START, tailAfter, WRITTEN } from './boundary.js';
import { StatementContents } from './contents.js';
import type { SqlDialect } from './dialect.js';
import type { SqlOutput } from './output.js';
import type { Structure } from './structure.js';
import {
  beginsElement,
  expectsName,
  behindBlock,
  behindLoop,
  behindTag,
  behindText,
  insideLoop,
  OUTSIDE,
  standsInCode,
} from './structure.js';
import { placeInCode, placeInLiteral } from './placeholders.js';
import type { TemplatedKind, Token, TokenKind } from '@eden/lexers';

/** What has been read so far on the way to a place of the template. */
export interface SqlState {
  /** The token that the text stopped in; null between tokens. */
  readonly open: TokenKind | null;
  readonly openedAt: Position;
  /** Bits of `boundary.ts`: all that may stand directly before. */
  readonly tail: number;
  readonly structure: Structure;
}

interface LoopStates {
  readonly before: SqlState;
  readonly entered: SqlState;
  readonly end: SqlState;
}

type SqlStep = Step<SqlOutput>;
type Sql = Pick<Content, 'text' | 'at'>;

const CANNOT_HOLD_TAGS: Partial<Record<TokenKind, string>> = {
  comment: 'a comment',
  escapeString: "an E'…' literal",
  unicodeString: "a U&'…' literal",
  unicodeIdentifier: 'a U&"…" identifier',
  nationalString: "an N'…' literal",
  bitString: 'a bit string',
  dollarString: 'a $$…$$ literal',
  doubleQuotedString: 'a "…" literal; write it as \'…\'',
  quotedVariable: 'the name of a variable in quotes',
};
const TEXT_GLUE = GLUE.word | GLUE.number | GLUE.dot | GLUE.unicodePrefix | GLUE.quote | GLUE.doubleQuote;

/**
 * Reads the SQL text of a template between its tags, so that it knows what every tag stands in, and refuses tags that
 * stand where no value can. What depends on which blocks are taken is checked again while rendering, by `SqlOutput`.
 */
export class SqlSurface implements Surface<SqlOutput, SqlState> {
  state: SqlState = { open: null, openedAt: { line: 1, column: 1 }, tail: START, structure: OUTSIDE };
  readonly #dialect: SqlDialect;
  #endsInLineComment = false;
  #usesRaw = false;
  /** A character that begins no token, at the end of the text so far. */
  #unknown: TemplateProblem | null = null;
  /** What the query as a whole holds. */
  readonly contents = new StatementContents();

  constructor(dialect: SqlDialect) {
    this.#dialect = dialect;
  }

  get usesRaw(): boolean {
    return this.#usesRaw;
  }

  /** @throws TemplateProblem when the text is empty or ends inside a literal, an identifier or a comment */
  finish(): void {
    this.#refuseUnknown();
    const { open, openedAt } = this.state;
    if (this.contents.isBlank) throw new TemplateProblem({ line: 1, column: 1 }, 'the text holds no statement');
    if (open === null || (open === 'comment' && this.#endsInLineComment)) return;
    throw new TemplateProblem(openedAt, `${nameOf(open)} begins here and never ends`);
  }

  content({ text, at }: Content): readonly SqlStep[] {
    if (text === '') return [];
    this.#refuseUnknown();
    const resumed = this.state.open === 'string' || this.state.open === 'quotedIdentifier' ? this.state.open : null;
    const tokens = this.#dialect.tokenize(text, resumed);
    const steps: SqlStep[] = [];
    const first = resumed === null ? undefined : tokens[0];
    if (first !== undefined && resumed !== null) steps.push(...this.#resume(text, first, resumed));
    const rest = first === undefined ? tokens : tokens.slice(1);
    steps.push(...this.#code({ text, at }, rest, first === undefined));
    this.contents.text({ text, at }, rest);
    checkComments({ text, at }, rest);
    this.#checkUnknown({ text, at }, rest);
    return steps;
  }

  placeholder(placeholder: Placeholder): SqlStep {
    this.#checkTag(placeholder.at);
    this.contents.tag(placeholder.at);
    this.#usesRaw ||= placeholder.kind === 'raw';
    const { open, tail, structure } = this.state;
    this.#checkCode(placeholder);
    if (open === 'string' || open === 'quotedIdentifier') return placeInLiteral(placeholder, open, this.#dialect);
    checkGlue(placeholder, tail);
    checkName(placeholder, structure);
    const { kind, tail: written } = WRITTEN_BY[placeholder.kind];
    this.state = { ...this.state, tail: written, structure: behindTag(structure, kind, this.#dialect.code) };
    return placeInCode(placeholder, beginsElement(structure), this.#dialect);
  }

  checkBlock(at: Position): void {
    this.#refuseUnknown();
    this.#checkTag(at);
    this.contents.enterBlock();
  }

  enterLoop(before: SqlState): SqlState {
    return { ...before, structure: insideLoop(before.structure) };
  }

  leaveLoop({ before, entered, end }: LoopStates, at: Position): SqlState {
    const structure = behindLoop(before.structure, entered.structure, end.structure);
    if (structure !== null) return { ...end, structure };
    throw new TemplateProblem(at, 'a turn of this loop ends within the first words of a statement, or within code');
  }

  merge(start: SqlState, ends: readonly SqlState[], at: Position): SqlState {
    this.#refuseUnknown();
    this.contents.leaveBlock();
    if (ends.some((end) => end.open !== start.open)) {
      throw new TemplateProblem(at, `every way through this block must end where it began: ${nameOf(start.open)}`);
    }
    return {
      ...start,
      tail: ends.reduce((bits, end) => bits | end.tail, 0),
      structure: behindBlock(ends.map((end) => end.structure)),
    };
  }

  #checkTag(at: Position): void {
    const place = this.state.open === null ? undefined : CANNOT_HOLD_TAGS[this.state.open];
    if (place !== undefined) throw new TemplateProblem(at, `a tag cannot stand inside ${place}${LITERAL_BRACES}`);
  }

  #checkCode({ kind, at }: Placeholder): void {
    const { open, structure } = this.state;
    const isLiteral = open === 'string' || (open === null && (kind === 'value' || kind === 'list'));
    if (!isLiteral || !standsInCode(structure)) return;
    throw new TemplateProblem(at, `a value cannot stand in code (${this.#dialect.code.description})${LITERAL_BRACES}`);
  }

  /** At the end of a text a tag may follow, which has more to say about being glued to it. */
  #checkUnknown({ text, at }: Sql, tokens: readonly Token[]): void {
    const unknown = tokens.find(({ kind }) => kind === 'unknown');
    if (unknown === undefined) return;
    const reason = `the character "${text.slice(unknown.start, unknown.end)}" begins nothing in SQL`;
    this.#unknown = new TemplateProblem(positionAt(text, unknown.start, at), reason);
    if (unknown !== tokens.at(-1)) throw this.#unknown;
  }

  #refuseUnknown(): void {
    if (this.#unknown !== null) throw this.#unknown;
  }

  /** The rest of a literal or identifier that an earlier text began. */
  #resume(text: string, token: Token, kind: TemplatedKind): SqlStep[] {
    if (token.continued) throw continued(this.state.openedAt);
    const inside = this.#dialect.unquote(kind, text.slice(0, token.closed ? token.end - 1 : token.end));
    const steps: SqlStep[] = [(out) => out.inside(inside)];
    if (!token.closed) return steps;
    const tail = kind === 'string' ? GLUE.quote | AFTER.string : GLUE.doubleQuote | AFTER.operand;
    const structure = behindTag(this.state.structure, kind, this.#dialect.code);
    this.state = { ...this.state, open: null, tail, structure };
    return [...steps, (out) => out.close(kind)];
  }

  /** Text that begins between two tokens. `meetsTag`: what stands before it was not read together with it. */
  #code({ text, at }: Sql, tokens: readonly Token[], meetsTag: boolean): SqlStep[] {
    const last = tokens.at(-1);
    if (last === undefined) return [];
    const isOpen = !last.closed;
    if (isOpen) this.#endsInLineComment = !text.startsWith('/*', last.start);
    const templated = isOpen && (last.kind === 'string' || last.kind === 'quotedIdentifier') ? last.kind : null;
    const complete = templated === null ? tokens : tokens.slice(0, -1);
    const steps = this.#complete({ text, at }, complete, meetsTag);
    if (isOpen) this.state = { ...this.state, open: last.kind, openedAt: positionAt(text, last.start, at) };
    if (templated === null) return steps;
    return [
      ...steps,
      ...this.#open({ text, at }, last, { kind: templated, meetsTag: meetsTag && complete.length === 0 }),
    ];
  }

  #complete({ text, at }: Sql, tokens: readonly Token[], meetsTag: boolean): SqlStep[] {
    const first = tokens[0];
    if (first === undefined) return [];
    const head = headOf(text, tokens);
    const effective = meetsTag ? head : { ...head, conflicts: 0 };
    this.#checkHead(effective, positionAt(text, first.start, at));
    const before = this.state.tail;
    const isBlank = tokens.every(({ kind }) => kind === 'space' || kind === 'comment');
    const tail = tailAfter(text, tokens, before, this.#dialect);
    const structure = behindText(this.state.structure, { text, tokens, mayGoOn: meetsTag }, this.#dialect.code);
    this.state = { ...this.state, tail, structure };
    const piece = { text: this.#portable({ text, at }, tokens), head: effective, tail: isBlank ? null : tail };
    return [(out) => out.code(piece)];
  }

  #open({ text, at }: Sql, token: Token, { kind, meetsTag }: { kind: TemplatedKind; meetsTag: boolean }): SqlStep[] {
    if (token.continued) throw continued(positionAt(text, token.start, at));
    const head = headOf(text, [token]);
    const effective = meetsTag ? head : { ...CONTIGUOUS, string: head.string };
    this.#checkHead(effective, positionAt(text, token.start, at));
    const inside = this.#dialect.unquote(kind, text.slice(token.start + 1));
    return [
      (out) => {
        out.open(effective);
        out.inside(inside);
      },
    ];
  }

  #checkHead(head: Head, at: Position): void {
    const { tail } = this.state;
    if (head.string && every(tail, AFTER.string | AFTER.value)) {
      throw new TemplateProblem(at, 'a literal cannot follow another value; write it as one, or put || between');
    }
    if (some(tail, head.conflicts & ~WRITTEN)) {
      throw new TemplateProblem(at, 'this text would melt into one token with text before a tag; put a space between');
    }
    if (every(tail, head.conflicts)) throw new TemplateProblem(at, 'this text is glued to the tag before it');
  }

  /** The text with its literals written so that they read the same under every setting of the session. */
  #portable({ text, at }: Sql, tokens: readonly Token[]): string {
    const start = tokens[0]?.start ?? 0;
    const end = tokens.at(-1)?.end ?? start;
    if (!text.includes('\\')) return text.slice(start, end);
    return tokens.map((token, i) => this.#portableToken({ text, at }, token, tokens[i - 1])).join('');
  }

  #portableToken({ text, at }: Sql, token: Token, previous: Token | undefined): string {
    const written = text.slice(token.start, token.end);
    if (token.kind === 'nationalString' && written.includes('\\')) {
      throw new TemplateProblem(positionAt(text, token.start, at), "an N'…' literal cannot hold a backslash");
    }
    if (token.kind !== 'string' || !written.includes('\\')) return written;
    if (token.continued) throw continued(positionAt(text, token.start, at));
    return (
      (previous?.kind === 'word' ? ' ' : '') +
      this.#dialect.quoteString(this.#dialect.unquote('string', written.slice(1, -1)))
    );
  }
}

/** What such a comment holds is code for servers of some versions, and none for others: no statement has two shapes. */
function checkComments({ text, at }: Sql, tokens: readonly Token[]): void {
  const found = tokens.find(({ kind }) => kind === 'codeComment');
  if (found === undefined) return;
  const reason = 'a comment that begins with /*! is code for some servers; write it as code, or leave it out';
  throw new TemplateProblem(positionAt(text, found.start, at), reason);
}

function continued(at: Position): TemplateProblem {
  const reason = 'a literal that goes on over several lines can hold neither tags nor backslashes; write it as one';
  return new TemplateProblem(at, reason);
}

function nameOf(open: TokenKind | null): string {
  if (open === null) return 'outside of literals and comments';
  if (open === 'string') return "a '…' literal";
  return open === 'quotedIdentifier' ? 'a "…" identifier' : (CANNOT_HOLD_TAGS[open] ?? open);
}

const VALUE = { kind: 'string', tail: GLUE.value | AFTER.value } as const;
const IDENTIFIER = { kind: 'quotedIdentifier', tail: GLUE.identifier | AFTER.operand } as const;

/** What stands behind each kind of tag. */
const WRITTEN_BY = {
  value: VALUE,
  list: VALUE,
  ident: IDENTIFIER,
  idents: IDENTIFIER,
  raw: { kind: 'raw', tail: GLUE.raw | AFTER.other },
} as const;

/** A value is written as a literal, which no server takes for a name. */
function checkName({ kind, at }: Placeholder, structure: Structure): void {
  if (kind !== 'value' || !expectsName(structure)) return;
  throw new TemplateProblem(
    at,
    'a value cannot stand where SQL takes a name: write {{ident …}} around it, as in {{ident table}}',
  );
}

/** @throws TemplateProblem when what the tag writes would always, or on some way through the blocks, melt with the text before */
function checkGlue({ kind, at }: Placeholder, tail: number): void {
  const conflicts = { value: TEXT_GLUE, list: TEXT_GLUE, ident: TEXT_GLUE & ~GLUE.dot, idents: TEXT_GLUE & ~GLUE.dot };
  const glued = kind === 'raw' ? TEXT_GLUE | GLUE.operator : conflicts[kind];
  if (some(tail, glued)) throw new TemplateProblem(at, 'this tag is glued to the text before it; put a space between');
  if (every(tail, WRITTEN))
    throw new TemplateProblem(at, 'this tag is glued to the tag before it; put a space between');
  if ((kind === 'value' || kind === 'list') && every(tail, OPERAND_ENDS)) {
    throw new TemplateProblem(at, 'a value cannot follow another value or the end of an expression');
  }
}
