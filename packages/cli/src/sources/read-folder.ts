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

/** What an upload spells otherwise in the names of its files. */
const UNSENDABLE = /["\r\n]/;

/**
 * Everything in a folder of migrations, by path. Symbolic links are passed over: they may lead out of it.
 * @throws CommandError when it is not there, empty or too large, or has a file that cannot be read or sent
 */
export async function readFolder(folder: string, shown: string): Promise<LocalFile[]> {
  const paths = await pathsIn(folder, shown);
  if (paths.length === 0) throw new CommandError(`${shown} has no files`, 'Check the path of the source in eden.yaml.');
  checkNames(paths, shown);
  const files: LocalFile[] = [];
  let size = 0;
  for (const path of paths) {
    const bytes = await readBytes(join(folder, path), `${shown}/${path}`);
    size += bytes.length;
    if (size > LARGEST_FOLDER) {
      throw new CommandError(`${shown} has more than 64 MiB`, 'Name the folder that holds the migrations alone.');
    }
    files.push({ path, bytes });
  }
  return files;
}

/** @throws CommandError: the file would arrive under another name, and be noted so in the history */
function checkNames(paths: readonly string[], shown: string): void {
  const path = paths.find((each) => UNSENDABLE.test(each));
  if (path === undefined) return;
  const name = JSON.stringify(`${shown}/${path}`);
  throw new CommandError(
    `${name} has a quote or a line break in its name`,
    'Give the file or its folder another name.',
  );
}

async function readBytes(file: string, shown: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(
      `${shown} cannot be read (${error.code})`,
      'Make it readable, or take it out of the folder.',
    );
  });
}

/** The paths of all files in a folder. @throws CommandError when it cannot be read */
export async function pathsIn(folder: string, shown: string, below = ''): Promise<string[]> {
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
