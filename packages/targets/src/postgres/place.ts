import { DatabaseError } from 'pg';

/** Where a statement stands in the text that a template has rendered. */
export interface StatementPlace {
  readonly source: string;
  /** 1 for the first. */
  readonly number: number;
  /** Bytes of UTF-8 before it. */
  readonly start: number;
}

/** What a client is told of where it failed; line and column count from 1, columns in characters. */
export interface FailedAt {
  readonly statement: number;
  readonly line: number;
  readonly column: number;
}

const places = new WeakMap<Error, FailedAt>();

/** Notes which statement a server's error belongs to, for whoever tells it later. */
export function notePlace(error: unknown, place: StatementPlace | undefined): void {
  if (error instanceof DatabaseError && place !== undefined) places.set(error, failedAt(place, error));
}

export function placeOf(error: Error): FailedAt | undefined {
  return places.get(error);
}

/** The character that the server points at; the statement's first one where it points at none. */
function failedAt({ source, number, start }: StatementPlace, { position }: DatabaseError): FailedAt {
  const bytes = Buffer.from(source);
  const within = [...bytes.toString('utf8', start)].slice(0, Math.max(0, Number(position ?? 1) - 1)).join('');
  return { statement: number, ...lineAndColumn(bytes.toString('utf8', 0, start) + within) };
}

/** Of what follows `before`. */
export function lineAndColumn(before: string): { readonly line: number; readonly column: number } {
  const lines = before.split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
