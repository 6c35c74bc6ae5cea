import { EdenError } from '@eden/domain';
import { hasSqlDetails, parse, type Node } from 'libpg-query';
import { NAME_HINT } from './name-hint.js';
import { lineAndColumn } from './place.js';

/** One statement of a text: its own text, and PostgreSQL's parse tree of it. */
export interface ParsedStatement {
  readonly text: string;
  /** Bytes of UTF-8 before it. */
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
  return stmts.flatMap(({ stmt, stmt_location: start = 0, stmt_len: length }) => {
    if (stmt === undefined) return [];
    const whole = bytes.toString('utf8', start, length ? start + length : undefined);
    return [{ text: whole.trim(), start: start + leadingBytes(whole), node: stmt }];
  });
}

function leadingBytes(text: string): number {
  return Buffer.byteLength(text) - Buffer.byteLength(text.trimStart());
}

function syntaxError(text: string, message: string, position: number): EdenError {
  const { line, column } = lineAndColumn([...text].slice(0, position).join(''));
  const hint = isLiteralAt(text, position) ? `; ${NAME_HINT}` : '';
  const issue = { path: 'query', message: `${message} (line ${line}, column ${column})${hint}` };
  return new EdenError('VALIDATION_FAILED', { issues: [issue], line, column });
}

/** True where a literal begins. `position` counts characters. */
function isLiteralAt(text: string, position: number): boolean {
  return /^[eE]?'/.test([...text].slice(position, position + 2).join(''));
}

/** Every object of a parse tree, from the outside in. */
export function* treeObjects(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const child of Object.values(value)) yield* treeObjects(child);
}

/** The texts of all strings of a parse tree, as of the code of DO. */
export function literalsIn(node: Node): readonly string[] {
  return [...treeObjects(node)].flatMap(({ sval }) => (typeof sval === 'string' ? [sval] : []));
}
