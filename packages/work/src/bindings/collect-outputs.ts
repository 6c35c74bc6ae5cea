import type { EndpointKind, JsonObject, JsonValue } from '@eden/domain';
import { childOf, parsePath } from './json-path.js';
import type { TemplateResult } from './run-operations.js';

/** The parts of a request's answer, which is a row with these columns. */
const OF_ANSWERS: readonly unknown[] = ['status', 'body'];

/** True for what `outputs` may name: `row_count`, `rows[0].column`, and deeper into a JSON column; of a request `status` and `body.x`. */
export function isOutputPath(path: string, kind: EndpointKind): boolean {
  if (path === 'row_count') return true;
  const segments = parsePath(path);
  if (kind === 'Http' && OF_ANSWERS.includes(segments?.[0])) return true;
  return segments !== null && segments[0] === 'rows' && typeof segments[1] === 'number' && segments.length >= 3;
}

/**
 * The values that a template gives to `migration.*`. A path that leads nowhere (no such row) gives no value, so that
 * the default of whoever refers to it applies; an SQL NULL is a value.
 */
export function collectOutputs(
  outputs: Readonly<Record<string, string>> | undefined,
  result: TemplateResult,
): JsonObject {
  const values: [string, JsonValue][] = [];
  for (const [name, path] of Object.entries(outputs ?? {})) {
    const value = readOutput(path, result);
    if (value !== undefined) values.push([name, value]);
  }
  return Object.fromEntries(values);
}

function readOutput(path: string, result: TemplateResult): JsonValue | undefined {
  if (path === 'row_count') return result.rowCount;
  const [first, ...segments] = parsePath(path) ?? [];
  let current: JsonValue | undefined = result.rows;
  if (OF_ANSWERS.includes(first)) segments.unshift(0, first as string);
  for (const segment of segments) {
    if (current === undefined) return undefined;
    current = childOf(current, segment);
  }
  return current;
}
