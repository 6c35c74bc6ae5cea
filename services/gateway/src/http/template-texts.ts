import type { Issue } from '@eden/domain';
import { validationError } from '@eden/domain';
import type { UploadedFile } from './upload.js';

/** Where each part of the form has its place in the body of a template. */
const PLACES = { query: ['template', 'template'], rollback: ['rollback'] } as const;

type Part = keyof typeof PLACES;
type JsonObject = Record<string, unknown>;

/** Folders send their files so: a template has one, its query. */
const FILES = 'files';

/** Names of the parts, and what they are. */
export const TEMPLATE_TEXTS: Readonly<Record<Part | typeof FILES, string>> = {
  query: 'The text of the template as it is: its "template" has "syntax": "sql" and no query then',
  rollback: 'The text of its rollback, likewise',
  files: 'Another name of "query"',
};

/**
 * The body of a template with the texts of its form in their places, each as it is (`"syntax": "sql"`).
 * @throws EdenError VALIDATION_FAILED
 */
export function withTexts(body: unknown, uploaded: readonly UploadedFile[]): unknown {
  if (!isObject(body)) return body;
  const files = uploaded.map((file) => (file.field === FILES ? { ...file, field: 'query' } : file));
  const issues = files.flatMap((file, index) => {
    const message = flawOf(file) ?? (isRepeated(files, index) ? 'comes twice' : place(body, file));
    return message === null ? [] : [{ path: file.field, message }];
  });
  if (issues.length > 0) throw validationError(issues satisfies readonly Issue[]);
  return body;
}

function isRepeated(files: readonly UploadedFile[], index: number): boolean {
  return files.findIndex(({ field }) => field === files[index]?.field) < index;
}

function flawOf({ field, bytes }: UploadedFile): string | null {
  if (!Object.hasOwn(PLACES, field)) return `Unknown part "${field}": texts go into ${Object.keys(PLACES).join(', ')}`;
  if (bytes.includes(0)) return 'is no text: it holds a NUL byte';
  return null;
}

/** What is wrong with it, or null once it is in its place. */
function place(body: JsonObject, { field, bytes }: UploadedFile): string | null {
  let at = body;
  for (const key of PLACES[field as Part]) {
    const next = at[key] ?? {};
    if (!isObject(next)) return null;
    at[key] = next;
    at = next;
  }
  if ('query' in at || 'operations' in at) return 'stands in the JSON as well: send it one way';
  try {
    Object.assign(at, { syntax: 'sql', query: new TextDecoder('utf-8', { fatal: true }).decode(bytes) });
    return null;
  } catch {
    return 'is no UTF-8';
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
