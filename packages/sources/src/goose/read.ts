import type { FolderFile, FolderReading, SourceMigration, SourceOptions, SourceProblem } from '@eden/domain';
import { compareNumbers, duplicateVersions, isMigrationPath, readTexts, rollbackTexts, section } from '../folder.js';
import type { TextFile } from '../folder.js';

const NAME = /^(\d+)_.*\.sql$/;
const CODE = /^\d+_.*(?<!_test)\.go$/;
const ANNOTATION = /^--[^\S\n]*\+goose[^\S\n]+(\S[^\n]*?)[^\S\n]*$/gim;

/** Numbered files with the annotations `-- +goose Up` and `-- +goose Down`, by number. */
export function readGoose(files: readonly FolderFile[], options: SourceOptions): FolderReading {
  const isRead = (path: string): boolean => NAME.test(path) && !path.includes('/') && isMigrationPath(path, options);
  const { texts, problems } = readTexts(files, isRead);
  const downs = rollbackTexts(files, options);
  const migrations: SourceMigration[] = [];
  for (const text of texts) {
    const read = readFile(text, downs.get(text.path) ?? null);
    if ('message' in read) problems.push(read);
    else migrations.push(read);
  }
  migrations.sort((a, b) => compareNumbers(a.version, b.version));
  return { migrations, problems: [...problems, ...codeProblems(files), ...duplicateVersions(migrations)] };
}

function codeProblems(files: readonly FolderFile[]): SourceProblem[] {
  return files
    .filter(({ path }) => CODE.test(path))
    .map(({ path }) => ({
      path,
      message: 'a migration written in Go cannot be read: apply it by goose itself first, and leave it out here',
    }));
}

interface Annotations {
  readonly up: number;
  readonly down: number | null;
  readonly noTransaction: boolean;
}

function readFile({ path, name, text, sha256 }: TextFile, rollback: string | null): SourceMigration | SourceProblem {
  const version = (/^\d+/.exec(name)?.[0] ?? '').replace(/^0+(?=\d)/, '');
  if (version === '0') return { path, message: 'its number has to be greater than zero' };
  const read = readAnnotations(text);
  if (typeof read === 'string') return { path, message: read };
  const { up, down, noTransaction } = read;
  return {
    file: path,
    version,
    name: name.slice(0, -'.sql'.length),
    checksum: null,
    sha256,
    up: section(text, up, down ?? text.length),
    down: rollback ?? (down === null ? null : section(text, down)),
    transactional: !noTransaction,
    details: {},
  };
}

function readAnnotations(text: string): Annotations | string {
  const found = [...text.matchAll(ANNOTATION)].map(({ 1: word = '', index }) => ({ word: word.toLowerCase(), index }));
  const at = (word: string): number[] =>
    found.filter((annotation) => annotation.word === word).map(({ index }) => index);
  const [up, secondUp] = at('up');
  const [down, secondDown] = at('down');
  if (up === undefined) return 'it has no annotation "-- +goose Up"';
  if (secondUp !== undefined || secondDown !== undefined)
    return 'it has two annotations "-- +goose Up" or "-- +goose Down"';
  if (down !== undefined && down < up) return '"-- +goose Up" has to stand before "-- +goose Down"';
  if (at('statementbegin').length !== at('statementend').length) {
    return 'each "-- +goose StatementBegin" needs its "-- +goose StatementEnd"';
  }
  if (found.some(({ word }) => /^envsub(st)? on$/.test(word))) {
    return 'it takes values from the environment (ENVSUB ON), which is not the one of goose here: write them into the file';
  }
  return { up, down: down ?? null, noTransaction: at('no transaction').length > 0 };
}
