import { EdenError, type Statement } from '@eden/domain';
import { tokenizeMysql, unquoteMysql, type Token } from '@eden/lexers';
import type { StatementPlace } from './place.js';
import { parameterLiteral } from './sql.js';

/** A word, name or sign of a statement as the server reads it; words in capitals, names as they are. */
export interface Part {
  readonly kind: Token['kind'];
  readonly text: string;
  /** A word as it is written: names of tables may differ by their case alone. */
  readonly raw: string;
}

/** One statement of a text, and what it is made of without comments and white space. */
export interface CutStatement {
  readonly text: string;
  readonly parts: readonly Part[];
  readonly place: StatementPlace;
}

/** What is wrong with a text before it is looked at more closely. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/**
 * Cuts a text into its statements, and puts the values of `?` parameters in their places.
 * @throws Unreadable for a token that never ends, a comment that is code for some servers, or parameters that do not fit
 */
export function cutStatements({ text, params }: Statement): readonly CutStatement[] {
  const tokens = tokenizeMysql(text, null);
  assertReadable(text, tokens);
  const values = [...params];
  const statements: CutStatement[] = [];
  let start = 0;
  let current: Token[] = [];
  const end = (at: number) => {
    const parts = current.filter(isSignificant).map((token) => partOf(text, token));
    const first = current.find(isSignificant)?.start ?? start;
    const place = { source: text, number: statements.length + 1, start: first };
    if (parts.length > 0) statements.push({ text: written(text, current, values), parts, place });
    start = at;
    current = [];
  };
  for (const token of tokens) {
    if (token.kind === 'punctuation' && text.slice(token.start, token.end) === ';') end(token.end);
    else current.push(token);
  }
  end(text.length);
  if (values.length > 0) throw new Unreadable(`${values.length} of params have no ? in the query`);
  return statements;
}

/** As `cutStatements`, for a text that is about to run. @throws EdenError TEMPLATE_EXECUTION_FAILED */
export function cutOrFail(statement: Statement): readonly CutStatement[] {
  try {
    return cutStatements(statement);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new EdenError('TEMPLATE_EXECUTION_FAILED', { sqlstate: '42000', message: error.message });
  }
}

function assertReadable(text: string, tokens: readonly Token[]): void {
  const code = tokens.find(({ kind }) => kind === 'codeComment');
  if (code !== undefined) throw new Unreadable('a comment that begins with /*! is code for some servers only');
  const unknown = tokens.find(({ kind }) => kind === 'unknown');
  if (unknown !== undefined)
    throw new Unreadable(`the character "${text.slice(unknown.start, unknown.end)}" begins nothing in SQL`);
  const last = tokens.at(-1);
  const isOpen = last?.closed === false && (last.kind !== 'comment' || text.startsWith('/*', last.start));
  if (isOpen) throw new Unreadable('a literal, a name or a comment never ends');
}

function isSignificant({ kind }: Token): boolean {
  return kind !== 'space' && kind !== 'comment';
}

function partOf(text: string, { kind, start, end }: Token): Part {
  const raw = text.slice(start, end);
  const read = kind === 'quotedIdentifier' ? unquoteMysql(kind, raw.slice(1, -1)) : raw;
  return { kind, raw: read, text: kind === 'word' ? raw.toUpperCase() : read };
}

/** The text of the tokens with values for its parameters; they are taken from `values`. */
function written(text: string, tokens: readonly Token[], values: Statement['params'][number][]): string {
  return tokens
    .map(({ kind, start, end }) => {
      if (kind !== 'parameter') return text.slice(start, end);
      if (values.length === 0) throw new Unreadable('the query has more ? than params has values');
      return parameterLiteral(values.shift() ?? null);
    })
    .join('')
    .trim();
}
