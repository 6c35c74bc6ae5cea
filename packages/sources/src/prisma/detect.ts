import { byFolder, parentFolder } from '../detection.js';
import type { DetectedSource, NamedFile } from '../detection.js';

/** Folders `<time>_<name>` that hold a `migration.sql`; a `snapshot.json` beside it is Drizzle's. */
export function detectPrisma(files: readonly NamedFile[]): DetectedSource[] {
  const drizzle = new Set(files.filter(({ name }) => name === 'snapshot.json').map(({ folder }) => folder));
  const locks = new Set(files.filter(({ name }) => name === 'migration_lock.toml').map(({ folder }) => folder));
  const own = files.filter(({ name, folder }) => {
    if (name !== 'migration.sql' || folder === '.' || drizzle.has(folder)) return false;
    return locks.has(parentFolder(folder)) || /(^|\/)\d{14}_[^/]*$/.test(folder);
  });
  return byFolder('prisma', own, 'migration.sql in a folder of its own', ({ folder }) => parentFolder(folder));
}
