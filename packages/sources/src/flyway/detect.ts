import { byFolder, migrationRoot } from '../detection.js';
import type { DetectedSource, NamedFile } from '../detection.js';

/** `V1__name.sql`, `R__name.sql`, `B1__name.sql`. */
export function detectFlyway(files: readonly NamedFile[]): DetectedSource[] {
  const own = files.filter(({ name }) => /^([VB]\d[\d._]*|R)__.*\.sql$/.test(name));
  return byFolder('flyway', own, 'a name that begins with V, R or B and two underscores', migrationRoot);
}
