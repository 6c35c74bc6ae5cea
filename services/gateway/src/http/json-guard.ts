import { validationError } from '@eden/domain';
import { formatPath } from './validation.js';

/** Far beyond what any template or input needs, and far below what breaks a recursive reader. */
export const DEEPEST_LEVEL = 100;

/** A list or object on the walk; its path is only spelled out when something in it is refused. */
interface Container {
  readonly members: object;
  readonly key: Key | null;
  readonly parent: Container | null;
  readonly level: number;
}

type Key = string | number;

const LONE_SURROGATE = /\p{Surrogate}/u;

function pathOf(container: Container): Key[] {
  const path: Key[] = [];
  for (let at: Container | null = container; at !== null; at = at.parent) {
    if (at.key !== null) path.unshift(at.key);
  }
  return path;
}

function refuse(path: readonly Key[], message: string): never {
  throw validationError([{ path: formatPath(path), message }]);
}

/** PostgreSQL stores neither: without this they would surface as errors of the control database. */
function flawOfText(text: string): string | null {
  if (text.includes('\0')) return 'must not hold the NUL character';
  return LONE_SURROGATE.test(text) ? 'must be well-formed Unicode' : null;
}

/** A number such as 1e400 is read as Infinity, and would be stored as null. */
function flawOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'is too large a number';
  return typeof value === 'string' ? flawOfText(value) : null;
}

function checkKey(container: Container, key: Key): void {
  if (typeof key === 'number') return;
  const flaw = flawOfText(key);
  if (flaw !== null) refuse(pathOf(container), `keys ${flaw}`);
  if (key === '__proto__') refuse([...pathOf(container), key], 'Unknown key "__proto__"');
}

/** Checks what is no container, and answers what is one. */
function checkMember(parent: Container, key: Key, value: unknown): Container | null {
  checkKey(parent, key);
  const flaw = flawOf(value);
  if (flaw !== null) refuse([...pathOf(parent), key], flaw);
  if (typeof value !== 'object' || value === null) return null;
  const level = parent.level + 1;
  if (level > DEEPEST_LEVEL) refuse([], `must not have more than ${DEEPEST_LEVEL} levels`);
  return { members: value, key, parent, level };
}

/** One step of the walk; a body may be one list of half a million numbers, hence no entry objects. */
function checkMembers(container: Container, found: (member: Container) => void): void {
  const { members } = container;
  const visit = (key: Key, value: unknown): void => {
    const member = checkMember(container, key, value);
    if (member !== null) found(member);
  };
  if (Array.isArray(members)) members.forEach((value: unknown, index) => visit(index, value));
  else for (const key of Object.keys(members)) visit(key, (members as Record<string, unknown>)[key]);
}

/**
 * Refuses what JSON allows and nothing behind us can take: nesting deeper than 100 levels (recursive validation and
 * JSON.stringify end in a stack overflow), `__proto__`, NUL, lone surrogates and numbers beyond a double. Walks without recursion.
 * @throws EdenError VALIDATION_FAILED
 */
export function guardJson(body: unknown): void {
  // Anything but an object is refused by the schema anyway.
  if (typeof body !== 'object' || body === null) return;
  const stack: Container[] = [{ members: body, key: null, parent: null, level: 1 }];
  for (let container = stack.pop(); container !== undefined; container = stack.pop()) {
    checkMembers(container, (member) => stack.push(member));
  }
}
