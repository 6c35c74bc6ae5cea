import type { FolderFile, FolderReading, SourceMigration, SourceOptions, SourceProblem } from '@eden/domain';
import { compareText, duplicateVersions, isMigrationPath, readTexts, rollbackTexts, section } from '../folder.js';
import type { TextFile } from '../folder.js';

const CODE = /^[^./][^/]*\.([cm]?[jt]s)$/;
const marker = (direction: string): RegExp => new RegExp(`^\\s*--[\\s-]*${direction}\\s+migration`, 'im');
const UP = marker('up');
const DOWN = marker('down');

/** `.sql` files by the number before their first `_`, then by name; `.up.sql` and `.down.sql` are one. */
export function readNodePgMigrate(files: readonly FolderFile[], options: SourceOptions): FolderReading {
  const isRead = (path: string): boolean => /^[^./][^/]*\.sql$/.test(path) && isMigrationPath(path, options);
  const { texts, problems } = readTexts(files, isRead);
  const downs = new Map(texts.filter(({ name }) => name.endsWith('.down.sql')).map(({ name, text }) => [name, text]));
  const rollbacks = rollbackTexts(files, options);
  const migrations = texts
    .filter(({ name }) => !name.endsWith('.down.sql'))
    .map((text) =>
      toMigration(text, rollbacks.get(text.path) ?? downs.get(text.name.replace(/\.up\.sql$/, '.down.sql'))),
    )
    .sort((a, b) => timeOf(a.version) - timeOf(b.version) || compareText(a.version, b.version));
  return { migrations, problems: [...problems, ...codeProblems(files, options), ...duplicateVersions(migrations)] };
}

function toMigration({ path, name, text, sha256 }: TextFile, rollback: string | undefined): SourceMigration {
  const version = name.replace(/(\.up)?\.sql$/, '');
  const up = text.search(UP);
  const down = text.search(DOWN);
  return {
    file: path,
    version,
    name: version,
    checksum: null,
    sha256,
    up: up < 0 ? section(text, 0, down < 0 ? text.length : down) : section(text, up, down < up ? text.length : down),
    down: rollback ?? (down < 0 ? null : section(text, down, up < down ? text.length : up)),
    transactional: true,
    details: {},
  };
}

/** The prefix as node-pg-migrate reads it: milliseconds, or a UTC time of 17 digits. */
function timeOf(name: string): number {
  const prefix = name.split('_')[0] ?? '';
  if (!/^\d{17}$/.test(prefix)) return Number(prefix) || 0;
  const [, year, month, day, hour, minute, second, ms] = /^(....)(..)(..)(..)(..)(..)(...)$/.exec(prefix) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
}

function codeProblems(files: readonly FolderFile[], options: SourceOptions): SourceProblem[] {
  return files
    .filter(({ path }) => CODE.test(path) && isMigrationPath(path, options))
    .map(({ path }) => ({
      path,
      message:
        'a migration written in JavaScript cannot be read: apply it by node-pg-migrate itself first, and leave it out here',
    }));
}
