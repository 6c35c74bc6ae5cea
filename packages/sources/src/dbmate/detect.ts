import { byFolder } from '../detection.js';
import type { DetectedSource, NamedFile } from '../detection.js';

/** Numbered `.sql` files with a block `-- migrate:up`. */
export function detectDbmate(files: readonly NamedFile[]): DetectedSource[] {
  const own = files.filter(({ name, text }) => /^\d+.*\.sql$/.test(name) && /^--\s*migrate:up(\s|$)/m.test(text ?? ''));
  return byFolder('dbmate', own, '-- migrate:up');
}
