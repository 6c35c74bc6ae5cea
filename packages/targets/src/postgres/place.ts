import { DatabaseError } from 'pg';

/** Where a statement stands in the text that a template has rendered. */
export interface StatementPlace {
  readonly source: string;
  /** 1 for the first. */
  readonly number: number;
  /** UTF-16 units before it. */
  readonly start: number;
  /** Characters that we have put in front of it. */
  readonly before?: number;
}

/** What a client is told of where it failed; line and column count from 1, columns in characters. */
export interface FailedAt {
  readonly statement: number;
  readonly line: number;
  readonly column: number;
}

const places = new WeakMap<Error, FailedAt>();

/** Notes which statement a server's error belongs to, for whoever tells it later. */
function notePlace(error: unknown, place: StatementPlace | undefined): void {
  if (error instanceof DatabaseError && place !== undefined) places.set(error, failedAt(place, error));
}

/** The answer to a statement, or its error, of which it is noted where it belongs. */
export async function atPlace<T>(place: StatementPlace | undefined, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    notePlace(error, place);
    throw error;
  }
}

export function placeOf(error: Error): FailedAt | undefined {
  return places.get(error);
}

/** The character that the server points at; the statement's first one where it points at none. */
function failedAt({ source, number, start, before = 0 }: StatementPlace, { position }: DatabaseError): FailedAt {
  const within = charactersLength(source, start, Math.max(0, Number(position ?? 1) - 1 - before));
  return { statement: number, ...lineAndColumn(source.slice(0, start + within)) };
}

/** Of what follows `before`. */
export function lineAndColumn(before: string): { readonly line: number; readonly column: number } {
  let line = 1;
  let start = 0;
  for (let found = before.indexOf('\n'); found >= 0; found = before.indexOf('\n', start)) {
    line += 1;
    start = found + 1;
  }
  return { line, column: [...before.slice(start)].length + 1 };
}

/** UTF-16 units of so many characters of `text` from `start` on. */
function charactersLength(text: string, start: number, characters: number): number {
  let offset = start;
  for (let left = characters; left > 0 && offset < text.length; left -= 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  }
  return offset - start;
}
