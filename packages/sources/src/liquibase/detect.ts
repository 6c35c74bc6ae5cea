import { byFolder, migrationRoot } from '../detection.js';
import type { DetectedSource, NamedFile } from '../detection.js';

/** `.sql` files whose first line is `--liquibase formatted sql`. */
export function detectLiquibase(files: readonly NamedFile[]): DetectedSource[] {
  const own = files.filter(
    ({ name, text }) => /\.sql$/i.test(name) && /^\uFEFF?\s*--\s*liquibase\s+formatted\s+sql/i.test(text ?? ''),
  );
  return byFolder('liquibase', own, '--liquibase formatted sql', migrationRoot);
}
