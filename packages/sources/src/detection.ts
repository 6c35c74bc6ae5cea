import type { SourceTool } from '@eden/domain';

/** A file of a working tree, as far as it is read for detection. */
export interface TreeFile {
  /** Relative to the tree, parts joined by `/`. */
  readonly path: string;
  /** Absent where nobody has read it: then its name alone speaks. */
  readonly text?: string;
}

/** A folder that looks like one of a tool's. */
export interface DetectedSource {
  readonly tool: SourceTool;
  /** Of the folder, relative to the tree; `.` for the tree itself. */
  readonly path: string;
  /** How many files the tool would apply. */
  readonly files: number;
  /** Which file speaks for it, and by what. */
  readonly evidence: string;
}

export interface NamedFile extends TreeFile {
  readonly folder: string;
  readonly name: string;
}

export function nameFile(file: TreeFile): NamedFile {
  const slash = file.path.lastIndexOf('/');
  return { ...file, folder: slash < 0 ? '.' : file.path.slice(0, slash), name: file.path.slice(slash + 1) };
}

export function parentFolder(folder: string): string {
  const slash = folder.lastIndexOf('/');
  return slash < 0 ? '.' : folder.slice(0, slash);
}

/** One source for each folder that holds such files. */
export function byFolder(
  tool: SourceTool,
  files: readonly NamedFile[],
  evidence: string,
  folderOf: (file: NamedFile) => string = ({ folder }) => folder,
): DetectedSource[] {
  const groups = new Map<string, NamedFile[]>();
  for (const file of files) {
    const folder = folderOf(file);
    const group = groups.get(folder);
    if (group === undefined) groups.set(folder, [file]);
    else group.push(file);
  }
  return [...groups].map(([path, group]) => ({
    tool,
    path,
    files: group.length,
    evidence: `${group[0]?.path ?? path}: ${evidence}`,
  }));
}

/**
 * The folder that a tool which looks into subfolders was given: the topmost one called `migration`, `migrations`,
 * `changelog` or `changelogs`, else the file's own.
 */
export function migrationRoot({ folder }: NamedFile): string {
  const parts = folder.split('/');
  const root = parts.findIndex((part) => /^(db[._-])?(migrations?|changelogs?|changesets?)$/i.test(part));
  return root < 0 ? folder : parts.slice(0, root + 1).join('/');
}
