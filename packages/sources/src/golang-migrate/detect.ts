import { byFolder } from '../detection.js';
import type { DetectedSource, NamedFile } from '../detection.js';

const UP = /^(\d+)_.*\.up\.sql$/;

/** Numbered pairs `.up.sql` and `.down.sql`; prefixes of 13 and 17 digits are the time stamps of node-pg-migrate. */
export function detectGolangMigrate(files: readonly NamedFile[]): DetectedSource[] {
  const own = files.filter(({ name }) => {
    const digits = UP.exec(name)?.[1]?.length;
    return digits !== undefined && digits !== 13 && digits !== 17;
  });
  return byFolder('golang-migrate', own, 'numbered .up.sql');
}
