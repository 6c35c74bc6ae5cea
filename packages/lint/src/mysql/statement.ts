import type { Token } from '@eden/lexers';
import type { WrittenName } from '../names.js';

/** A word, name or sign of a statement; words in capitals, quoted names as they are. */
interface Part {
  readonly kind: Token['kind'];
  readonly text: string;
}

/** A statement of MariaDB without its comments and white space. */
export type MysqlStatement = readonly Part[];

/** Whether the words stand there one after the other. */
export function beginsWith(statement: MysqlStatement, ...words: readonly string[]): boolean {
  return words.every((word, index) => isWord(statement[index], word));
}

export function isWord(part: Part | undefined, ...words: readonly string[]): boolean {
  return part?.kind === 'word' && words.includes(part.text);
}

export function hasWord(statement: MysqlStatement, ...words: readonly string[]): boolean {
  return statement.some((part) => isWord(part, ...words));
}

/** What is left behind the words at the beginning that may stand there. */
export function behind(statement: MysqlStatement, ...optional: readonly string[]): MysqlStatement {
  const index = statement.findIndex((part) => !isWord(part, ...optional));
  return index < 0 ? [] : statement.slice(index);
}

/** `name` or `database.name` at the beginning, and what follows it; names in small letters. */
export function nameAt(
  statement: MysqlStatement,
): { readonly name: WrittenName; readonly rest: MysqlStatement } | null {
  const [first, dot, second] = statement;
  if (first === undefined || !isName(first)) return null;
  // A word may hold no dot, so that a name of two words is three parts.
  if (dot?.text === '.' && second !== undefined && isName(second)) {
    return { name: { schema: lower(first), name: lower(second) }, rest: statement.slice(3) };
  }
  return { name: { schema: null, name: lower(first) }, rest: statement.slice(1) };
}

export function lower({ text }: Part): string {
  return text.toLowerCase();
}

function isName({ kind }: Part): boolean {
  return kind === 'word' || kind === 'quotedIdentifier';
}

/** Cut at the commas that stand in no parentheses. */
export function atCommas(statement: MysqlStatement): readonly MysqlStatement[] {
  const pieces: Part[][] = [[]];
  let depth = 0;
  for (const part of statement) {
    if (part.text === '(' && part.kind === 'punctuation') depth += 1;
    if (part.text === ')' && part.kind === 'punctuation') depth -= 1;
    if (depth === 0 && part.kind === 'punctuation' && part.text === ',') pieces.push([]);
    else pieces.at(-1)?.push(part);
  }
  return pieces;
}

/** Without what stands in parentheses. */
export function outermost(statement: MysqlStatement): MysqlStatement {
  let depth = 0;
  return statement.filter(({ kind, text }) => {
    if (kind === 'punctuation' && text === '(') depth += 1;
    const isOutside = depth === 0;
    if (kind === 'punctuation' && text === ')') depth -= 1;
    return isOutside;
  });
}
