import type { Issue, JsonObject, JsonValue } from '@eden/domain';
import { isJsonObject, validationError } from '@eden/domain';
import { childOf, literalOf, nestValues, parsePath, type PathSegment } from '@eden/work';

/** The calls of a template that one binding makes of an input. */
export interface ResolvedCalls {
  /** True when a path ran over an array, however many elements it had. */
  readonly isPerElement: boolean;
  readonly values: readonly JsonObject[];
}

/** The path that a binding's value is: a string, or `{"path": …}`; null for constants. */
export function pathOf(value: JsonValue): string | null {
  if (typeof value === 'string') return value;
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return null;
  const path = Object.hasOwn(value, 'path') ? value['path'] : null;
  return typeof path === 'string' ? path : null;
}

/**
 * Reads a binding's fields from the input. A path that enters an array without an index (`items.id`) makes one call
 * per element, with all paths over that array reading the same element; arrays inside arrays make one per innermost
 * element. A path that leads nowhere gives no value, so that the template's default applies.
 * @throws EdenError VALIDATION_FAILED when the paths run over arrays that have nothing to do with each other
 */
export function resolveFields(
  fields: Readonly<Record<string, JsonValue>>,
  input: JsonObject,
  location: string,
): ResolvedCalls {
  const sources = Object.entries(fields).map(([field, value]) => toSource(field, value));
  const isPerElement = sources.some((source) => isArrayStop(walk(source, input, [])));
  return { isPerElement, values: expand({ sources, input, location }, []) };
}

type Source =
  | { readonly field: string; readonly segments: readonly PathSegment[] }
  | { readonly field: string; readonly constant: JsonValue };

/** An array on the way of a path, and the element chosen of it. `at` is its path as far as it has been walked. */
interface Position {
  readonly at: string;
  readonly index: number;
}

interface ArrayStop {
  readonly at: string;
  readonly length: number;
}

interface Expansion {
  readonly sources: readonly Source[];
  readonly input: JsonObject;
  readonly location: string;
}

function toSource(field: string, value: JsonValue): Source {
  const path = pathOf(value);
  return path === null ? { field, constant: literalOf(value) } : { field, segments: parsePath(path) ?? [path] };
}

function expand(expansion: Expansion, positions: readonly Position[]): readonly JsonObject[] {
  const { sources, input } = expansion;
  const values: [string, JsonValue][] = [];
  for (const source of sources) {
    const walked = walk(source, input, positions);
    if (isArrayStop(walked)) return expandOver(walked, source.field, expansion, positions);
    if (walked.value !== undefined) values.push([source.field, walked.value]);
  }
  return [nestValues(values)];
}

function expandOver(
  { at, length }: ArrayStop,
  field: string,
  expansion: Expansion,
  positions: readonly Position[],
): readonly JsonObject[] {
  const enclosing = positions.at(-1);
  if (enclosing !== undefined && !isInside(at, elementPath(enclosing))) {
    throw validationError([independentArrays(expansion.location, field, [enclosing.at, at])]);
  }
  const elements = Array.from({ length }, (_, index) => ({ at, index }));
  return elements.flatMap((position) => expand(expansion, [...positions, position]));
}

function independentArrays(location: string, field: string, arrays: readonly string[]): Issue {
  const message = `The paths of one binding can run over one array only, and these run over ${arrays.join(' and ')}`;
  return { path: `${location}.fields.${field}`, message };
}

/** Walks as far as the chosen positions allow. */
function walk(
  source: Source,
  input: JsonObject,
  positions: readonly Position[],
): ArrayStop | { readonly value: JsonValue | undefined } {
  if ('constant' in source) return { value: source.constant };
  let current: JsonValue | undefined = input;
  let at = '';
  for (const segment of source.segments) {
    while (Array.isArray(current) && typeof segment === 'string') {
      const position = positions.find((chosen) => chosen.at === at);
      if (position === undefined) return { at, length: (current as readonly JsonValue[]).length };
      current = childOf(current, position.index);
      at = elementPath(position);
    }
    if (current === undefined) return { value: undefined };
    current = childOf(current, segment);
    at = typeof segment === 'number' ? `${at}[${segment}]` : at === '' ? segment : `${at}.${segment}`;
  }
  return { value: current };
}

function isArrayStop(walked: ReturnType<typeof walk>): walked is ArrayStop {
  return 'at' in walked;
}

function isInside(at: string, element: string): boolean {
  return at === element || at.startsWith(`${element}.`) || at.startsWith(`${element}[`);
}

function elementPath({ at, index }: Position): string {
  return `${at}[${index}]`;
}
