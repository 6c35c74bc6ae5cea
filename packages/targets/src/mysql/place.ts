/** Where a statement stands in the text that a template has rendered. */
export interface StatementPlace {
  readonly source: string;
  /** 1 for the first. */
  readonly number: number;
  /** UTF-16 units before it. */
  readonly start: number;
}

/** What a client is told of where it failed; line and column count from 1, columns in characters. */
export interface FailedAt {
  readonly statement: number;
  readonly line: number;
  readonly column: number;
}

const places = new WeakMap<object, FailedAt>();

/** Notes which statement a server's error belongs to, for whoever tells it later. MariaDB points at none of its letters. */
export function notePlace(error: unknown, { source, number, start }: StatementPlace): void {
  if (typeof error !== 'object' || error === null) return;
  places.set(error, { statement: number, ...lineAndColumn(source.slice(0, start)) });
}

export function placeOf(error: object): FailedAt | undefined {
  return places.get(error);
}

function lineAndColumn(before: string): { readonly line: number; readonly column: number } {
  const lines = before.split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
