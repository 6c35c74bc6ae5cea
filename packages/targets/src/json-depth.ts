import { ResultTooLarge } from './guard-errors.js';

/** Deeper JSON can be read, and then not be written. */
const MAX_JSON_DEPTH = 1000;

/** What is nested deeper ends whoever walks through it. @throws ResultTooLarge */
export function assertShallow(json: string): void {
  let depth = 0;
  for (const [sign] of json.matchAll(/[[\]{}]/g)) {
    depth += sign === '[' || sign === '{' ? 1 : -1;
    if (depth > MAX_JSON_DEPTH) throw new ResultTooLarge({ name: 'MAX_JSON_DEPTH', max: MAX_JSON_DEPTH });
  }
}
