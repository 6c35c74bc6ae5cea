import type { JsonValue } from '@eden/domain';
import { isJsonObject } from '@eden/domain';
import type { TemplateValue } from '../expression/scope.js';
import { RenderProblem } from '../problems.js';

const UNSTORABLE = 'text cannot hold U+0000 or half a surrogate pair';

/**
 * A value as text: what it becomes inside a literal or a bound parameter. Arrays and objects become JSON.
 * @throws RenderProblem for null, which has no text, and for text that no database holds
 */
export function writeText(value: TemplateValue): string {
  if (value === null) throw new RenderProblem('null cannot stand inside text');
  if (typeof value === 'object') return writeJson(value);
  if (typeof value === 'number') return writeNumber(value);
  return storable(String(value));
}

export function writeNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RenderProblem('a number must be finite');
  return String(value);
}

export function writeJson(value: object): string {
  const text = JSON.stringify(value);
  if (/(?<!\\)(?:\\\\)*\\u0000/.test(text)) throw new RenderProblem('text cannot hold the character U+0000');
  // JSON.stringify escapes nothing else of U+D800 to U+DFFF than the halves that stand alone.
  if (/(?<!\\)(?:\\\\)*\\ud[89a-f]/.test(text)) throw new RenderProblem(UNSTORABLE);
  return text;
}

/** @throws RenderProblem for what no UTF-8 text of a database holds: U+0000 and halves of surrogate pairs */
export function storable(text: string): string {
  if (/[\0\p{Surrogate}]/u.test(text)) throw new RenderProblem(UNSTORABLE);
  return text;
}

/** The same for all texts of a JSON value, keys included. */
export function storableJson(value: JsonValue): JsonValue {
  if (typeof value === 'string') storable(value);
  else if (Array.isArray(value)) value.forEach(storableJson);
  else if (isJsonObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      storable(key);
      storableJson(item);
    }
  }
  return value;
}
