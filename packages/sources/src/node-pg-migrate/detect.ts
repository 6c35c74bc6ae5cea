import { byFolder } from '../detection.js';
import type { DetectedSource, NamedFile } from '../detection.js';

/** `.sql` files with `-- Up Migration`, or pairs `.up.sql` and `.down.sql` whose prefix is a time stamp of 13 or 17 digits. */
export function detectNodePgMigrate(files: readonly NamedFile[]): DetectedSource[] {
  const own = files.filter(
    ({ name, text }) =>
      /^(\d{13}|\d{17})[_-].*\.up\.sql$/.test(name) ||
      (/^\d+[_-].*\.sql$/.test(name) && /^\s*--[\s-]*up\s+migration/im.test(text ?? '')),
  );
  return byFolder('node-pg-migrate', own, '-- Up Migration, or a time stamp and .up.sql');
}
