import { EdenError } from '@eden/domain';
import { hasSqlDetails, parse, type Node } from 'libpg-query';
import { NAME_HINT } from './name-hint.js';
import { lineAndColumn } from './place.js';

/** One statement of a text: its own text, and PostgreSQL's parse tree of it. */
export interface ParsedStatement {
  readonly text: string;
  /** UTF-16 units before it. */
  readonly start: number;
  readonly node: Node;
}

/**
 * Parses with PostgreSQL's own grammar.
 * @throws EdenError VALIDATION_FAILED (issues, line, column) when it is not SQL, or says nothing.
 */
export async function parseStatements(text: string): Promise<readonly ParsedStatement[]> {
  if (text.trim() === '') throw syntaxError(text, 'the query is empty', 0);
  const { stmts = [] } = await parse(text).catch((error: unknown) => {
    if (!hasSqlDetails(error)) throw error;
    throw syntaxError(text, error.message, error.sqlDetails?.cursorPosition ?? 0);
  });
  if (stmts.length === 0) throw syntaxError(text, 'the query is empty', 0);
  // Offsets count bytes of UTF-8, and the last statement has no length.
  const bytes = Buffer.from(text);
  let read = 0;
  let units = 0;
  return stmts.flatMap(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    if (stmt === undefined) return [];
    units += bytes.toString('utf8', read, start).length;
    read = start;
    const whole = bytes.toString('utf8', start, length ? start + length : undefined);
    return [{ text: whole.trim(), start: units + whole.length - whole.trimStart().length, node: stmt }];
  });
}

function syntaxError(text: string, message: string, position: number): EdenError {
  const { line, column } = lineAndColumn([...text].slice(0, position).join(''));
  const hint = isLiteralAt(text, position) ? `; ${NAME_HINT}` : '';
  const issue = { path: 'query', message: `${message} (line ${line}, column ${column})${hint}` };
  return new EdenError('VALIDATION_FAILED', { issues: [issue], line, column });
}

/** What `find` finds first among the objects of a parse tree, from the outside in; null = nothing. */
export function findInTree<T>(value: unknown, find: (object: Readonly<Record<string, unknown>>) => T | null): T | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = Array.isArray(value) ? null : find(value as Record<string, unknown>);
  if (found !== null) return found;
  for (const child of Object.values(value)) {
    const within = findInTree(child, find);
    if (within !== null) return within;
  }
  return null;
}

/** Whether `is` holds for one of the objects of a parse tree. */
export function isInTree(value: unknown, is: (object: Readonly<Record<string, unknown>>) => boolean): boolean {
  return findInTree(value, (object) => (is(object) ? true : null)) === true;
}

/** True where a literal begins. `position` counts characters. */
function isLiteralAt(text: string, position: number): boolean {
  return /^[eE]?'/.test([...text].slice(position, position + 2).join(''));
}

/** What `take` takes of each object of a parse tree, together. */
export function collectFromTree<T>(
  value: unknown,
  take: (object: Readonly<Record<string, unknown>>) => readonly T[],
): readonly T[] {
  const taken: T[] = [];
  findInTree(value, (object) => {
    taken.push(...take(object));
    return null;
  });
  return taken;
}

/** The texts of all strings of a parse tree, as of the code of DO. */
export function literalsIn(node: Node): readonly string[] {
  return collectFromTree(node, ({ sval }) => (typeof sval === 'string' ? [sval] : []));
}
