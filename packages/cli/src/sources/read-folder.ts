import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from '../exit-codes.js';

/** One file of a folder; its bytes go to the service as they are. */
export interface LocalFile {
  /** Relative to the folder, parts joined by `/`. */
  readonly path: string;
  readonly bytes: Buffer;
}

const MIB = 1024 * 1024;
/** Of all files of a folder together, as the service takes them. */
const LARGEST_FOLDER = 64 * MIB;

/**
 * Everything in a folder of migrations, by path. Symbolic links are passed over: they may lead out of it.
 * @throws CommandError when it is not there, empty or too large
 */
export async function readFolder(folder: string, shown: string): Promise<LocalFile[]> {
  const paths = await pathsIn(folder, shown);
  if (paths.length === 0) throw new CommandError(`${shown} has no files`, 'Check the path of the source in eden.yaml.');
  const files: LocalFile[] = [];
  let size = 0;
  for (const path of paths) {
    const bytes = await readFile(join(folder, path));
    size += bytes.length;
    if (size > LARGEST_FOLDER) {
      throw new CommandError(`${shown} has more than 64 MiB`, 'Name the folder that holds the migrations alone.');
    }
    files.push({ path, bytes });
  }
  return files;
}

async function pathsIn(folder: string, shown: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${shown} cannot be read (${error.code})`, 'Check the path of the source in eden.yaml.');
  });
  const paths = await Promise.all(
    entries.filter(isOfInterest).map(async (entry) => {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      return entry.isDirectory() ? pathsIn(folder, shown, path) : [path];
    }),
  );
  return paths.flat().sort();
}

/** Not what editors, systems and package managers leave behind. */
function isOfInterest(entry: { name: string; isFile(): boolean; isDirectory(): boolean }): boolean {
  return (entry.isFile() || entry.isDirectory()) && !entry.name.startsWith('.') && entry.name !== 'node_modules';
}
