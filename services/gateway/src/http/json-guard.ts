import { validationError } from '@eden/domain';
import { formatPath } from './validation.js';

/** Far beyond what any template or input needs, and far below what breaks a recursive reader. */
export const DEEPEST_LEVEL = 100;

interface Visit {
  readonly value: unknown;
  readonly path: readonly (string | number)[];
}

function refuse(path: Visit['path'], message: string): never {
  throw validationError([{ path: formatPath(path), message }]);
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** PostgreSQL stores neither: without this they would surface as errors of the control database. */
function checkText(text: string, path: Visit['path']): void {
  if (text.includes('\0')) refuse(path, 'must not hold the NUL character');
  if (LONE_SURROGATE.test(text)) refuse(path, 'must be well-formed Unicode');
}

function checkKey(key: string, path: Visit['path']): void {
  checkText(key, path);
  if (key === '__proto__') refuse([...path, key], 'Unknown key "__proto__"');
}

function membersOf({ value, path }: Visit): Visit[] {
  if (Array.isArray(value)) return value.map((item, index) => ({ value: item as unknown, path: [...path, index] }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).map(([key, member]) => {
    checkKey(key, path);
    return { value: member as unknown, path: [...path, key] };
  });
}

/**
 * Refuses what JSON allows and nothing behind us can take: nesting deeper than 100 levels (recursive validation and
 * JSON.stringify end in a stack overflow), `__proto__`, NUL and lone surrogates. Walks without recursion.
 * @throws EdenError VALIDATION_FAILED
 */
export function guardJson(body: unknown): void {
  const stack: Visit[] = [{ value: body, path: [] }];
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    if (visit.path.length > DEEPEST_LEVEL) refuse([], `must not be nested deeper than ${DEEPEST_LEVEL} levels`);
    if (typeof visit.value === 'string') checkText(visit.value, visit.path);
    stack.push(...membersOf(visit));
  }
}
