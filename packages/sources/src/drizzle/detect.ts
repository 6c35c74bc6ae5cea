import { parentFolder } from '../detection.js';
import type { DetectedSource, NamedFile } from '../detection.js';

/** The journal `meta/_journal.json`. */
export function detectDrizzle(files: readonly NamedFile[]): DetectedSource[] {
  const journals = files.filter(({ path }) => /(^|\/)meta\/_journal\.json$/.test(path));
  return journals.map(({ folder, path }) => {
    const root = parentFolder(folder);
    const own = files.filter((file) => file.folder === root && file.name.endsWith('.sql'));
    return { tool: 'drizzle', path: root, files: own.length, evidence: `${path}: the journal of Drizzle` };
  });
}
