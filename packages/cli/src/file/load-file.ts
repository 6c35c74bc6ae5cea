import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { CommandError } from '../exit-codes.js';
import { closest } from '../similar.js';
import { edenFileSchema, type EdenFile } from './schema.js';

export interface FileRequest {
  /** As the user wrote it; undefined: eden.yaml. */
  readonly file: string | undefined;
  /** `prod` reads eden.prod.yaml over eden.yaml. */
  readonly environment: string | undefined;
  readonly cwd: string;
}

export interface LoadedFile {
  readonly content: EdenFile;
  /** Paths in the file are relative to it. */
  readonly folder: string;
}

interface Part {
  /** As it is shown. */
  readonly name: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

const DEFAULT_FILE = 'eden.yaml';

/** @throws CommandError with file, line and what to do */
export async function loadFile({ file, environment, cwd }: FileRequest): Promise<LoadedFile> {
  const path = resolve(cwd, file ?? DEFAULT_FILE);
  const over = environment === undefined ? [] : [overlayPath(path, environment)];
  const parts = await Promise.all([path, ...over].map((each) => readPart(each, relative(cwd, each) || each)));
  const merged = parts.map(({ document }) => document.toJS() as unknown).reduce(merge);
  const checked = edenFileSchema.safeParse(merged);
  if (!checked.success) throw invalid(checked.error.issues, parts);
  return { content: checked.data, folder: dirname(path) };
}

/** eden.yaml → eden.prod.yaml */
function overlayPath(path: string, environment: string): string {
  return path.replace(/(\.ya?ml)?$/, (ending) => `.${environment}${ending === '' ? '.yaml' : ending}`);
}

async function readPart(path: string, name: string): Promise<Part> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const next = error.code === 'ENOENT' ? 'Run "eden init" to make one, or name one with -f.' : 'Make it readable.';
    throw new CommandError(`${name} cannot be read (${error.code})`, next);
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) return { name, document, lines };
  const { line, col } = lines.linePos(error.pos[0]);
  throw new CommandError(`${name}:${line}:${col}: ${error.message}`, 'Mend the YAML there.');
}

/** Maps are merged key by key; everything else, lists too, is replaced. */
function merge(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over ?? base;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(keys.map((key) => [key, key in over ? merge(base[key], over[key]) : base[key]]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(issues: readonly z.core.$ZodIssue[], parts: readonly Part[]): CommandError {
  const lines = issues.map((issue) => describeIssue(issue, parts));
  return new CommandError(lines.join('\n'), 'Mend the file; docs/reference/eden.schema.json tells editors what fits.');
}

function describeIssue(issue: z.core.$ZodIssue, parts: readonly Part[]): string {
  const path = [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])];
  // The last file that has something there is where the value comes from.
  const part = parts.findLast(({ document }) => document.getIn(path, true) !== undefined) ?? parts[0];
  const place = part === undefined ? '' : `${part.name}:${lineOf(part, path)}: `;
  return `${place}${describePath(issue.path)}${sentenceOf(issue)}`;
}

export function sentenceOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message.replace(/^Invalid/, 'invalid');
  const known = knownKeysAt(issue.path);
  return issue.keys
    .map((key) => {
      const meant = closest(key, known);
      return `"${key}" is not known${meant === null ? '' : `; did you mean "${meant}"?`}`;
    })
    .join(', ');
}

/** The line of the value at a path, or of the nearest thing around it that is there. */
function lineOf({ document, lines }: Part, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const offset = offsetOf(document, path.slice(0, length));
    if (offset !== undefined) return lines.linePos(offset).line;
  }
  return 1;
}

/** Of the key, where the path leads to a pair of a map. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const around = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true);
  const pair = isMap(around) ? around.items.find(({ key }) => String(key) === String(path.at(-1))) : undefined;
  const node = (pair?.key ?? document.getIn(path, true)) as { range?: [number, number, number] } | undefined;
  return node?.range?.[0];
}

/** `sources[0].tool: `, and nothing at the top. */
export function describePath(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? '' : `${text.replace(/^\./, '')}: `;
}

/** The keys that the schema has at a path, for suggestions. */
function knownKeysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = edenFileSchema;
  for (const part of path) schema = inside(schema, part);
  return Object.keys((unwrapped(schema) as { shape?: object } | undefined)?.shape ?? {});
}

function inside(schema: unknown, part: PropertyKey): unknown {
  const { def } = unwrapped(schema) as { def: { shape?: Record<PropertyKey, unknown>; element?: unknown } };
  return def.shape?.[part] ?? def.element ?? (def as { valueType?: unknown }).valueType;
}

/** Without `optional` and `default` around it. */
function unwrapped(schema: unknown): unknown {
  const inner = (schema as { def?: { innerType?: unknown } } | undefined)?.def?.innerType;
  return inner === undefined ? schema : unwrapped(inner);
}
