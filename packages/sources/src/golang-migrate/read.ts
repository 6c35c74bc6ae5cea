import type { FolderFile, FolderReading, SourceMigration, SourceOptions, SourceProblem } from '@eden/domain';
import { compareNumbers, isMigrationPath, readTexts, rollbackTexts } from '../folder.js';
import type { TextFile } from '../folder.js';

const NAME = /^(\d+)_(.*)\.(up|down)\.(.*)$/;

interface Part {
  readonly text: TextFile;
  readonly version: string;
  readonly title: string;
  readonly direction: string;
}

/** Pairs `<number>_<title>.up.sql` and `.down.sql`, by number. */
export function readGolangMigrate(files: readonly FolderFile[], options: SourceOptions): FolderReading {
  const isRead = (path: string): boolean => NAME.test(path) && !path.includes('/') && isMigrationPath(path, options);
  const { texts, problems } = readTexts(files, isRead);
  const parts = texts.map(readName);
  const downs = new Map(parts.filter(({ direction }) => direction === 'down').map((part) => [part.version, part]));
  const ups = parts.filter(({ direction }) => direction === 'up');
  const rollbacks = rollbackTexts(files, options);
  const migrations = ups
    .sort((a, b) => compareNumbers(a.version, b.version))
    .map((up) => toMigration(up, rollbacks.get(up.text.path) ?? downs.get(up.version)?.text.text ?? null));
  return { migrations, problems: [...problems, ...pairProblems(parts)] };
}

function readName(text: TextFile): Part {
  const [, digits = '', title = '', direction = ''] = NAME.exec(text.name) ?? [];
  return { text, version: digits.replace(/^0+(?=\d)/, ''), title, direction };
}

function toMigration({ text, version, title }: Part, down: string | null): SourceMigration {
  const { path: file, sha256, text: up } = text;
  return { file, version, name: title, checksum: null, sha256, up, down, transactional: true, details: {} };
}

function pairProblems(parts: readonly Part[]): SourceProblem[] {
  const seen = new Map<string, string>();
  const ups = new Set(parts.filter(({ direction }) => direction === 'up').map(({ version }) => version));
  return parts.flatMap(({ text, version, direction }) => {
    const key = `${version} ${direction}`;
    const other = seen.get(key);
    seen.set(key, text.path);
    if (other !== undefined)
      return [{ path: text.path, message: `it has the version ${version} of ${other}; give one of them another` }];
    return ups.has(version) ? [] : [{ path: text.path, message: 'there is no .up file of this version' }];
  });
}
