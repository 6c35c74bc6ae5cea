import { detectDbmate } from './dbmate/detect.js';
import { nameFile } from './detection.js';
import type { DetectedSource, NamedFile, TreeFile } from './detection.js';
import { detectDrizzle } from './drizzle/detect.js';
import { detectFlyway } from './flyway/detect.js';
import { detectGolangMigrate } from './golang-migrate/detect.js';
import { detectGoose } from './goose/detect.js';
import { detectLiquibase } from './liquibase/detect.js';
import { detectNodePgMigrate } from './node-pg-migrate/detect.js';
import { detectPrisma } from './prisma/detect.js';

const DETECTORS: readonly ((files: readonly NamedFile[]) => DetectedSource[])[] = [
  detectDbmate,
  detectGolangMigrate,
  detectGoose,
  detectPrisma,
  detectFlyway,
  detectNodePgMigrate,
  detectDrizzle,
  detectLiquibase,
];

/**
 * The migration folders in a tree, by path. A folder that looks like two tools' stands there twice: whoever asks decides.
 * Only the texts of `.sql` files are read; generated and installed folders are for the caller to leave out.
 */
export function detectSources(files: readonly TreeFile[]): DetectedSource[] {
  const named = files.map(nameFile);
  const found = DETECTORS.flatMap((detect) => detect(named));
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
