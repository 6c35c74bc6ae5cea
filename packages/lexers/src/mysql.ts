import type { TemplatedKind, Token, TokenKind } from './token.js';

/**
 * A lexer of the SQL of MariaDB and MySQL, after their sql_lex.cc, for sessions whose sql_mode has neither ANSI_QUOTES nor
 * NO_BACKSLASH_ESCAPES and whose character set is utf8mb4: `'…'` and `"…"` are strings with backslash escapes, names stand
 * in backticks. Linear in the length of the text.
 */
export function tokenizeMysql(text: string, open: TemplatedKind | null): Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  if (open !== null) {
    const token = open === 'string' ? stringToken(text, 0, 'string', 0) : identifierToken(text, 0, 0);
    tokens.push(token);
    offset = token.end;
  }
  while (offset < text.length) {
    const token = readMysqlToken(text, offset);
    tokens.push(token);
    offset = token.end;
  }
  return tokens;
}

/** A literal for `text`, in a session as above. */
export function quoteMysqlString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

/** A name in backticks. */
export function quoteMysqlIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** What stands between the quotes of a `'…'` literal, or the backticks of a name, as the server reads it. */
export function unquoteMysql(kind: TemplatedKind, body: string): string {
  if (kind === 'quotedIdentifier') return body.replaceAll('``', '`');
  return body.replaceAll(/''|\\([\s\S])/g, (written, escaped: string | undefined) =>
    escaped === undefined ? "'" : (ESCAPES[escaped] ?? (/[%_]/.test(escaped) ? written : escaped)),
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
};

const SPACE = /[ \t\n\v\f\r]+/y;
/** `$` may stand in a word, and a word may begin with a digit; `@` and `@@` begin a variable. */
const WORD = /@{0,2}[\w$\u0080-\uFFFF]+/y;
const NUMBER =
  /0x[0-9A-Fa-f]+(?![\w$\u0080-\uFFFF])|0b[01]+(?![\w$\u0080-\uFFFF])|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![A-Za-z_$\u0080-\uFFFF])/y;
const PUNCTUATION = /:=|[,().;:{}]/y;
const OPERATOR = /<=>|->>|<<|>>|<=|>=|<>|!=|\|\||&&|->|[+\-*/%=<>!&|^~]/y;
const [SPACE_CODE, DELETE_CODE] = [0x20, 0x7f];
/** Such a comment is code, for servers of some versions. */
const CODE_COMMENT = /\/\*M?!/y;
const STRING_EDGE = { "'": /['\\]/g, '"': /["\\]/g } as const;
/** Characters of what opens a literal. */
const OPENINGS = { string: 1, doubleQuotedString: 1, nationalString: 2 } as const;
type StringKind = keyof typeof OPENINGS;

export function readMysqlToken(text: string, start: number): Token {
  return quotedToken(text, start) ?? commentToken(text, start) ?? simpleToken(text, start);
}

function quotedToken(text: string, start: number): Token | null {
  const first = text.charAt(start);
  if (first === "'") return stringToken(text, start, 'string');
  if (first === '"') return stringToken(text, start, 'doubleQuotedString');
  if (first === '`') return identifierToken(text, start, start + 1);
  if (first === '@' && /['"`]/.test(text.charAt(start + 1))) return quotedVariable(text, start);
  if (text.charAt(start + 1) !== "'") return null;
  if (/[xXbB]/.test(first)) return bitStringToken(text, start);
  return /[nN]/.test(first) ? stringToken(text, start, 'nationalString') : null;
}

/** A literal from behind its opening quote on. Of literals that follow each other the server makes one; here they stay two. */
function stringToken(text: string, start: number, kind: StringKind, opening: number = OPENINGS[kind]): Token {
  const quote = kind === 'doubleQuotedString' ? '"' : "'";
  const edges = STRING_EDGE[quote];
  edges.lastIndex = start + opening;
  for (let edge = edges.exec(text); edge !== null; edge = edges.exec(text)) {
    const doubled = edge[0] === '\\' || text[edge.index + 1] === quote;
    if (!doubled) return token(kind, start, edge.index + 1);
    edges.lastIndex = edge.index + 2;
  }
  return token(kind, start, text.length, false);
}

function identifierToken(text: string, start: number, body: number): Token {
  let found = text.indexOf('`', body);
  while (found >= 0 && text[found + 1] === '`') found = text.indexOf('`', found + 2);
  return token('quotedIdentifier', start, found < 0 ? text.length : found + 1, found >= 0);
}

/** `@'…'`: a variable whose name is quoted, in which no tag can stand. */
function quotedVariable(text: string, start: number): Token {
  const name = readMysqlToken(text, start + 1);
  return token('quotedVariable', start, name.end, name.closed);
}

function bitStringToken(text: string, start: number): Token {
  const found = text.indexOf("'", start + 2);
  return token('bitString', start, found < 0 ? text.length : found + 1, found >= 0);
}

/** Behind the dashes stands white space, a control character (of ASCII) or the end of the text. */
function beginsDashComment(text: string, start: number): boolean {
  if (!text.startsWith('--', start)) return false;
  const behind = text.charCodeAt(start + 2);
  return Number.isNaN(behind) || behind <= SPACE_CODE || behind === DELETE_CODE;
}

/** Comments do not nest. */
function commentToken(text: string, start: number): Token | null {
  const isLine = text.charAt(start) === '#' || beginsDashComment(text, start);
  if (isLine) {
    const end = text.indexOf('\n', start);
    return token('comment', start, end < 0 ? text.length : end, end >= 0);
  }
  if (!text.startsWith('/*', start)) return null;
  const end = text.indexOf('*/', start + 2);
  const kind = matchLength(CODE_COMMENT, text, start) > 0 ? 'codeComment' : 'comment';
  return token(kind, start, end < 0 ? text.length : end + 2, end >= 0);
}

/** In this order: a number is what no word goes on behind, and `.5` one, too. */
const SIMPLE: readonly (readonly [RegExp, TokenKind])[] = [
  [SPACE, 'space'],
  [NUMBER, 'number'],
  [WORD, 'word'],
  [PUNCTUATION, 'punctuation'],
  [OPERATOR, 'operator'],
];

function simpleToken(text: string, start: number): Token {
  for (const [pattern, kind] of SIMPLE) {
    const length = matchLength(pattern, text, start);
    if (length > 0) return token(kind, start, start + length);
  }
  return token(text.charAt(start) === '?' ? 'parameter' : 'unknown', start, start + 1);
}

function token(kind: TokenKind, start: number, end: number, closed = true): Token {
  return { kind, start, end, closed, continued: false };
}

function matchLength(pattern: RegExp, text: string, offset: number): number {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0].length ?? 0;
}
