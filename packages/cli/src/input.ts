import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { readInput } from './ask.js';
import { CommandError, EXIT } from './exit-codes.js';
import type { Surroundings } from './surroundings.js';

type JsonObject = Record<string, unknown>;

/** The body of a request: what is there already, with a YAML or JSON file (`-`: stdin) and then `--set` over it. */
export async function readBody(
  surroundings: Surroundings,
  { file, set = [] }: { readonly file?: string | undefined; readonly set?: readonly string[] | undefined },
  known: JsonObject = {},
): Promise<JsonObject> {
  const text =
    file === undefined ? '{}' : file === '-' ? await readInput(surroundings) : await read(surroundings, file);
  const body = { ...known, ...parseObject(text, file ?? '') };
  return set.reduce((whole, pair) => setAt(whole, pair), body);
}

/** `--set name=value` alone. */
export function readSettings(pairs: readonly string[]): JsonObject {
  return pairs.reduce((whole, pair) => setAt(whole, pair), {} as JsonObject);
}

async function read(surroundings: Surroundings, file: string): Promise<string> {
  return (await readBytes(surroundings, file)).toString('utf8');
}

/** @throws CommandError when it cannot be read */
export async function readBytes({ cwd }: Surroundings, file: string): Promise<Buffer> {
  return readFile(resolve(cwd, file)).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${file} cannot be read (${error.code})`, 'Check the path.');
  });
}

function parseObject(text: string, file: string): JsonObject {
  try {
    const value: unknown = parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // The text may hold secrets: it is not repeated.
  }
  throw new CommandError(`${file} holds no YAML or JSON object`, 'Mend the file.');
}

/** `config.url=env:X` sets what lies there; what reads as JSON is that, all else is text. */
function setAt(whole: JsonObject, pair: string): JsonObject {
  const [, path, text = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
  if (path === undefined) throw new CommandError(`"${pair}" sets nothing`, 'Write it as name=value.', EXIT.usage);
  return put(whole, path.split('.'), valueOf(text));
}

function put(whole: JsonObject, [key = '', ...rest]: readonly string[], value: unknown): JsonObject {
  const inside = whole[key];
  const around = typeof inside === 'object' && inside !== null ? (inside as JsonObject) : {};
  return { ...whole, [key]: rest.length === 0 ? value : put(around, rest, value) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
