import { RenderProblem } from '../problems.js';

/** PostgreSQL cuts longer names off without a word (NAMEDATALEN - 1, in bytes of UTF-8). */
const MAX_NAME_BYTES = 63;

/**
 * A literal for `text`. One that holds a backslash is written E'…', which reads the same whether
 * standard_conforming_strings is on or off.
 */
export function quoteString(text: string): string {
  const quoted = text.replaceAll("'", "''");
  return quoted.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

/** @throws RenderProblem for an empty name, or one that PostgreSQL would cut off */
export function quoteIdentifier(name: string): string {
  if (name === '') throw new RenderProblem('an identifier cannot be empty');
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) {
    throw new RenderProblem(`the identifier "${name.slice(0, 20)}…" is longer than ${MAX_NAME_BYTES} bytes`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

export function unquote(kind: 'string' | 'quotedIdentifier', body: string): string {
  return kind === 'string' ? body.replaceAll("''", "'") : body.replaceAll('""', '"');
}
