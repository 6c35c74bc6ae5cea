import type { FolderFile, FolderReading, SourceMigration, SourceOptions, SourceProblem } from '@eden/domain';
import { compareText, isMigrationPath, readTexts, rollbackTexts, sha256 } from '../folder.js';
import type { TextFile } from '../folder.js';

const SCRIPT = /^([^/]+)\/(migration|down)\.sql$/;
const LOCK = 'migration_lock.toml';

/** Folders by name, each with its `migration.sql`; a `down.sql` beside it takes it back. */
export function readPrisma(files: readonly FolderFile[], options: SourceOptions): FolderReading {
  const isRead = (path: string): boolean => (SCRIPT.test(path) || path === LOCK) && isMigrationPath(path, options);
  const { texts, problems } = readTexts(files, isRead);
  const byPath = new Map(texts.map((text) => [text.path, text]));
  const rollbacks = rollbackTexts(files, options);
  const migrations = texts
    .filter(({ name }) => name === 'migration.sql')
    .sort((a, b) => compareText(a.path, b.path))
    .map((text) => toMigration(text, byPath, rollbacks));
  const lock = byPath.get(LOCK);
  return { migrations, problems: [...problems, ...checkLock(lock), ...emptyFolders(files, migrations, options)] };
}

function toMigration(
  { path, text, bytes, sha256: hash }: TextFile,
  byPath: ReadonlyMap<string, TextFile>,
  rollbacks: ReadonlyMap<string, string>,
): SourceMigration {
  const version = path.slice(0, path.indexOf('/'));
  const down =
    rollbacks.get(path) ?? rollbacks.get(`${version}.sql`) ?? byPath.get(`${version}/down.sql`)?.text ?? null;
  const checksum = sha256(bytes);
  const details = { checksums: [checksum, ...lineEndVariants(bytes)] };
  return { file: path, version, name: version, checksum, sha256: hash, up: text, down, transactional: true, details };
}

/** Prisma takes a file for unchanged that has the other line ends. */
function lineEndVariants(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1');
  const lines = text.replaceAll('\r\n', '\n');
  return [lines, lines.replaceAll('\n', '\r\n')].map((variant) => sha256(Buffer.from(variant, 'latin1')));
}

function checkLock(lock: TextFile | undefined): SourceProblem[] {
  const provider = /^\s*provider\s*=\s*"([^"]*)"/m.exec(lock?.text ?? '')?.[1];
  if (provider === undefined || provider === 'postgresql' || provider === 'postgres') return [];
  return [{ path: LOCK, message: `the folder is for ${provider}; a source is for PostgreSQL` }];
}

function emptyFolders(
  files: readonly FolderFile[],
  migrations: readonly SourceMigration[],
  options: SourceOptions,
): SourceProblem[] {
  const full = new Set(migrations.map(({ version }) => version));
  const folders = files
    .filter(({ path }) => path.includes('/') && isMigrationPath(path, options))
    .map(({ path }) => path.slice(0, path.indexOf('/')));
  const empty = [...new Set(folders)].filter((folder) => /^\d{14}_/.test(folder) && !full.has(folder));
  return empty.map((path) => ({ path, message: 'the folder has no migration.sql: put it back, or remove the folder' }));
}
