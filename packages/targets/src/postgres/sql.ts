import { readFileSync } from 'node:fs';

/** From src/postgres and dist/postgres alike: the package's `sql/postgres`. */
const DIRECTORY = new URL('../../sql/postgres/', import.meta.url);

/** The text of `sql/postgres/<name>.sql`. Each file says in its header what it takes and gives. */
export function readSql(name: string): string {
  return readFileSync(new URL(`${name}.sql`, DIRECTORY), 'utf8');
}

/**
 * Goes before the statement that ends a transaction: what is answered is then on the disk, and on a synchronous standby,
 * also where a role, a database or a template has made commits lazy.
 */
export const DURABLY = 'SET LOCAL synchronous_commit = on';

/** How much later than the server must have ended a statement its answer has to be here; else the session is cut off. */
export const ANSWER_MARGIN_MS = 5000;

/** A whole number of milliseconds for a `SET LOCAL`. @throws RangeError for anything else. */
export function milliseconds(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0 || value > 2_147_483_647) {
    throw new RangeError(`not a number of milliseconds: ${value}`);
  }
  return String(value);
}
