import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { detectSources, type DetectedSource, type TreeFile } from '@eden/sources';

/** What is installed or generated holds copies, and no migrations of one's own. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'node_modules',
  'vendor',
  'dist',
  'build',
  'out',
  'target',
  'coverage',
  'venv',
  '__pycache__',
]);
/** The tools mark their files in the first lines. */
const HEAD_BYTES = 16 * 1024;
/** A tree of more than this is no working tree of an application. */
const MOST_FILES = 200_000;

/** What looking into a tree meets, and may pass over. */
const CLOSED: readonly string[] = ['EACCES', 'EPERM', 'ENOENT', 'ENOTDIR'];

/** The migration folders below a folder, by path. A folder that looks like two tools' stands there twice. */
export async function scanTree(root: string): Promise<DetectedSource[]> {
  const files: TreeFile[] = [];
  await collect(root, '', files);
  return detectSources(files);
}

async function collect(root: string, below: string, files: TreeFile[]): Promise<void> {
  const entries = (await unlessClosed(readdir(join(root, below), { withFileTypes: true }))) ?? [];
  for (const entry of entries) {
    if (files.length >= MOST_FILES) return;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && !PASSED_OVER.has(entry.name)) await collect(root, path, files);
    } else if (entry.isFile()) {
      files.push(...(await readFile(root, path)));
    }
  }
}

async function readFile(root: string, path: string): Promise<TreeFile[]> {
  if (!path.endsWith('.sql')) return [{ path }];
  const text = await unlessClosed(headOf(join(root, path)));
  return text === null ? [] : [{ path, text }];
}

/** Null: it may not be read, or has gone meanwhile. */
async function unlessClosed<Result>(reading: Promise<Result>): Promise<Result | null> {
  try {
    return await reading;
  } catch (error) {
    if (CLOSED.includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
