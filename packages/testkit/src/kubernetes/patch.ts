import { isDeepStrictEqual } from 'node:util';
import { copyOf, isJsonObject, type Json, type JsonObject } from './objects.js';
import { StatusError } from './status-error.js';

/** RFC 7396. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isJsonObject(patch)) return patch;
  const result: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

/** RFC 6902. */
export function jsonPatch(target: Json, body: Json): Json {
  if (!Array.isArray(body)) {
    const text = 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp';
    throw new StatusError(400, text);
  }
  return (body as unknown as Operation[]).reduce(apply, copyOf(target));
}

function apply(target: Json, { op, path, from = '', value = null }: Operation): Json {
  switch (op) {
    case 'add':
      return put(target, path, copyOf(value), true);
    case 'replace':
      read(target, path);
      return put(target, path, copyOf(value), false);
    case 'remove':
      read(target, path);
      return remove(target, path);
    case 'test':
      if (isDeepStrictEqual(read(target, path), value)) return target;
      throw new StatusError(
        422,
        `the server rejected our request due to an error in our request: testing path ${path}`,
      );
    case 'copy':
      return put(target, path, copyOf(read(target, from)), true);
    case 'move': {
      const moved = read(target, from);
      return put(remove(target, from), path, moved, true);
    }
    default:
      throw new StatusError(400, `unexpected kind: ${op}`);
  }
}

function parts(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function child(parent: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(parent)) return parent[Number(key)];
  return isJsonObject(parent) ? parent[key] : undefined;
}

function read(target: Json, path: string): Json {
  const found = parts(path).reduce<Json | undefined>((at, key) => child(at, key), target);
  if (found !== undefined) return found;
  throw new StatusError(422, `the server rejected our request due to an error in our request: no such path ${path}`);
}

function put(target: Json, path: string, value: Json, insert: boolean): Json {
  const keys = parts(path);
  const last = keys.pop();
  if (last === undefined) return value;
  const parent = keys.reduce<Json | undefined>((at, key) => child(at, key), target);
  if (Array.isArray(parent)) parent.splice(last === '-' ? parent.length : Number(last), insert ? 0 : 1, value);
  else if (isJsonObject(parent)) parent[last] = value;
  else
    throw new StatusError(422, `the server rejected our request due to an error in our request: no such path ${path}`);
  return target;
}

function remove(target: Json, path: string): Json {
  const keys = parts(path);
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Json | undefined>((at, key) => child(at, key), target);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isJsonObject(parent)) delete parent[last];
  return target;
}
