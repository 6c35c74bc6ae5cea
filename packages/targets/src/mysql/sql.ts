import type { JsonValue } from '@eden/domain';
import { quoteMysqlString } from '@eden/lexers';

/** How much later than the server must have ended a statement its answer has to be here; else the session is cut off. */
export const ANSWER_MARGIN_MS = 5000;

/** A text as a literal. */
export const literal = quoteMysqlString;

/** An epoch, a schema version or a number, as SQL. @throws RangeError when it is none. */
export function whole(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a whole number: ${value}`);
  return String(value);
}

/** For waits for locks, which MariaDB bounds in whole seconds, one at least. */
export function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}

/** A parameter as a literal: what a template would write for the value. */
export function parameterLiteral(value: JsonValue): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  // A sign directly behind another one would make a comment of both.
  if (typeof value === 'number') return value < 0 ? ` ${value}` : String(value);
  return literal(typeof value === 'string' ? value : JSON.stringify(value));
}
