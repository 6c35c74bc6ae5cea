import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { newFolder } from './captured.js';

/** A folder of its own with these files, by path. */
export function treeOf(files: Readonly<Record<string, string>>): string {
  const folder = newFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const NOBODY = 65_534;

/** Takes the right to read this from everybody; root can all the same, so read it as in `withoutRoot`. */
export function close(folder: string, path: string): void {
  chmodSync(folder, 0o755);
  chmodSync(join(folder, path), 0o000);
}

/** Works as somebody who may read no more than others may, whoever runs the tests. */
export async function withoutRoot<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
