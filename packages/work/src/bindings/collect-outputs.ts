import type { JsonObject, JsonValue } from '@eden/domain';
import { childOf, parsePath } from './json-path.js';
import type { TemplateResult } from './run-operations.js';

/** True for what `outputs` may name: `row_count`, `rows[0].column`, and deeper into a JSON column. */
export function isOutputPath(path: string): boolean {
  if (path === 'row_count') return true;
  const segments = parsePath(path);
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
  const [, ...segments] = parsePath(path) ?? [];
  let current: JsonValue | undefined = result.rows;
  for (const segment of segments) {
    if (current === undefined) return undefined;
    current = childOf(current, segment);
  }
  return current;
}
