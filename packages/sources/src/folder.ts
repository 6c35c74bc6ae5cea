import { createHash } from 'node:crypto';
import type { FolderFile, SourceMigration, SourceOptions, SourceProblem } from '@eden/domain';

/** A file of a folder, decoded. */
export interface TextFile {
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  /** Without a byte-order mark. */
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

const MAX_PATH = 1_000;

/** Why a path is none within a folder; null when it is one. */
function pathProblem(path: string): string | null {
  if (path === '' || path.length > MAX_PATH) return `a path has between 1 and ${MAX_PATH} characters`;
  if (/[\u0000-\u001F\u007F\\]/.test(path))
    return 'a path holds no control characters and no backslashes; join its parts by /';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) return 'the path is absolute; send it relative to the folder';
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return 'a path has no empty part, no "." and no ".."; send it relative to the folder';
  }
  return null;
}

/** What is wrong with a folder whatever its tool: paths that lead out of it, and two files of one path. */
function checkPaths(files: readonly { readonly path: string }[]): SourceProblem[] {
  const seen = new Set<string>();
  return files.flatMap(({ path }) => {
    const message = pathProblem(path) ?? (seen.has(path) ? 'the folder has two files of this path' : null);
    seen.add(path);
    return message === null ? [] : [{ path, message }];
  });
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode({ path, bytes }: FolderFile): string | SourceProblem {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { path, message: 'the file is UTF-16; save it as UTF-8' };
  }
  if (bytes.includes(0)) return { path, message: 'the file is binary (it holds a zero byte); a migration is a text' };
  try {
    return UTF8.decode(bytes);
  } catch {
    return { path, message: 'the file is not valid UTF-8; save it as UTF-8' };
  }
}

/** The files that the tool reads, decoded, and what is wrong with the folder. */
export function readTexts(
  files: readonly FolderFile[],
  isRead: (path: string) => boolean,
): { texts: TextFile[]; problems: SourceProblem[] } {
  const problems = checkPaths(files);
  const texts: TextFile[] = [];
  if (problems.length > 0) return { texts, problems };
  for (const file of files.filter(({ path }) => isRead(path))) {
    const text = decode(file);
    if (typeof text === 'string') texts.push(describe(file, text));
    else problems.push(text);
  }
  return { texts, problems };
}

function describe({ path, bytes }: FolderFile, text: string): TextFile {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return { path, name, text: plain, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/** Two migrations of one version: the tool could run only one of them. */
export function duplicateVersions(migrations: readonly SourceMigration[]): SourceProblem[] {
  const files = new Map<string, string>();
  return migrations.flatMap(({ version, file }) => {
    const other = files.get(version);
    files.set(version, file);
    return other === undefined
      ? []
      : [{ path: file, message: `it has the version ${version} of ${other}; give one of them another` }];
  });
}

/**
 * The text between two offsets with everything before it as empty lines, so that the lines of an error are those of the file.
 */
export function section(text: string, start: number, end: number = text.length): string {
  return '\n'.repeat(countLines(text, start)) + text.slice(start, end);
}

function countLines(text: string, end: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** What takes a file back, in the folder that `options.rollback` names: there under the same path. */
export function rollbackTexts(files: readonly FolderFile[], { rollback }: SourceOptions): ReadonlyMap<string, string> {
  if (rollback === undefined) return new Map();
  const prefix = prefixOf(rollback);
  const { texts } = readTexts(files, (path) => isRollbackPath(path, prefix));
  return new Map(texts.map(({ path, text }) => [path.slice(prefix.length), text]));
}

/** What keeps that folder from taking anything back: nobody would know before the day on which it has to. */
export function rollbackProblems(files: readonly FolderFile[], { rollback }: SourceOptions): SourceProblem[] {
  if (rollback === undefined) return [];
  const prefix = prefixOf(rollback);
  const found = files.filter(({ path }) => isRollbackPath(path, prefix));
  const message = `no .sql file lies in the folder "${rollback}" that "rollback" names, as seen from the source`;
  if (found.length === 0) return [{ path: null, message }];
  return found.map(decode).filter((text) => typeof text !== 'string');
}

function isRollbackPath(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && path.endsWith('.sql');
}

/** Not in the folder of rollbacks, if there is one. */
export function isMigrationPath(path: string, { rollback }: SourceOptions): boolean {
  return rollback === undefined || !path.startsWith(prefixOf(rollback));
}

function prefixOf(folder: string): string {
  return `${folder.replace(/^(\.\/+)+/, '').replace(/(?<!\/)\/+$/, '')}/`;
}

/** By number, where versions are numbers of any length. */
export function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+(?=\d)/, ''), b.replace(/^0+(?=\d)/, '')];
  if (x.length !== y.length) return x.length - y.length;
  return x < y ? -1 : x > y ? 1 : 0;
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
