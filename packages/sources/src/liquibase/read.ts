import { createHash } from 'node:crypto';
import type {
  FolderFile,
  FolderReading,
  JsonObject,
  SourceMigration,
  SourceOptions,
  SourceProblem,
} from '@eden/domain';
import { compareText, duplicateVersions, isMigrationPath, readTexts, rollbackTexts } from '../folder.js';
import type { TextFile } from '../folder.js';
import { replaceNames } from '../placeholders.js';
import { isForUs, readFormattedSql } from './changesets.js';
import type { Changeset, FormattedSql } from './changesets.js';
import { Properties } from './properties.js';

const FORMATTED = /^\s*--\s*liquibase\s+formatted\s+sql/i;
const OTHER = /\.(xml|ya?ml|json)$/i;

/** The changesets of all formatted SQL files, by the files' paths, as `includeAll` takes them. */
export function readLiquibase(files: readonly FolderFile[], options: SourceOptions): FolderReading {
  const isRead = (path: string): boolean =>
    isMigrationPath(path, options) && (/\.sql$/i.test(path) || OTHER.test(path));
  const { texts, problems } = readTexts(files, isRead);
  const rollbacks = rollbackTexts(files, options);
  const formatted = texts.filter(({ text }) => FORMATTED.test(text)).sort((a, b) => compareText(a.path, b.path));
  const properties = new Properties();
  const read = formatted.map((file) => readFile(file, properties, rollbacks.get(file.path) ?? null, options));
  const migrations = read.flatMap((file) => file.migrations);
  return {
    migrations,
    problems: [
      ...problems,
      ...otherLogs(texts),
      ...read.flatMap((file) => file.problems),
      ...duplicateVersions(migrations),
    ],
  };
}

/** Changelogs that hold changesets of their own; those that only include others are passed over. */
function otherLogs(texts: readonly TextFile[]): SourceProblem[] {
  return texts
    .filter(({ path, text }) => OTHER.test(path) && /databaseChangeLog/.test(text) && /changeSet/i.test(text))
    .map(({ path }) => ({
      path,
      message: 'only formatted SQL is read: changesets in XML, YAML and JSON are for Liquibase itself',
    }));
}

function readFile(
  file: TextFile,
  properties: Properties,
  rollback: string | null,
  options: SourceOptions,
): { migrations: SourceMigration[]; problems: SourceProblem[] } {
  const formatted = readFormattedSql(file.text);
  const values = { ...properties.next(formatted), ...options.placeholders };
  const used = formatted.changesets.filter(({ attributes }) => isForUs(attributes));
  const surroundings = { rollback: used.length === 1 ? rollback : null, values };
  const migrations = used.map((changeset) => toMigration(file, formatted, changeset, surroundings));
  const problems = [...formatted.problems, ...used.flatMap(changesetProblems)];
  if (used.length > 1 && rollback !== null) problems.push(severalProblem(used.length));
  return { migrations, problems: problems.map((message) => ({ path: file.path, message })) };
}

/** Each of them runs, fails and is taken back by itself. */
function severalProblem(count: number): string {
  return `the rollback folder takes it back as a whole, and it has ${count} changesets: give each its "--rollback", or a file of its own`;
}

function changesetProblems({ author, id, attributes, body, hasPreconditions }: Changeset): string[] {
  const name = `${author}:${id}`;
  const problems: string[] = [];
  if (body === '') problems.push(`the changeset ${name} has no SQL`);
  if (hasPreconditions)
    problems.push(`the changeset ${name} has preconditions, which are not asked here: apply it by Liquibase itself`);
  if ('runwith' in attributes)
    problems.push(`the changeset ${name} runs with ${String(attributes['runwith'])}, which is not there here`);
  if (attributes['failonerror']?.toLowerCase() === 'false') {
    problems.push(`the changeset ${name} may fail (failOnError:false); here everything succeeds or nothing`);
  }
  return problems;
}

interface Surroundings {
  readonly rollback: string | null;
  readonly values: Readonly<Record<string, string>>;
}

function toMigration(
  file: TextFile,
  { logicalFilePath }: FormattedSql,
  changeset: Changeset,
  { rollback, values }: Surroundings,
): SourceMigration {
  const { author, id, attributes } = changeset;
  const path = attributes['logicalfilepath'] || logicalFilePath || file.path;
  const body = expand(changeset.body, values);
  const down = rollback ?? rollbackText(changeset.rollback, values);
  return {
    file: file.path,
    version: `${path}::${id}::${author}`,
    name: id,
    checksum: liquibaseChecksum(body),
    sha256: file.sha256,
    up: endStatements(expand(changeset.sql, values), attributes['enddelimiter']),
    down,
    transactional: attributes['runintransaction']?.toLowerCase() !== 'false',
    details: { ...detailsOf(changeset), path, isLogical: path !== file.path },
  };
}

function detailsOf({ id, author, attributes, comments, validChecksums }: Changeset): JsonObject {
  const isTrue = (name: string): boolean => attributes[name]?.toLowerCase() === 'true';
  return {
    ...{ id, author, comments, validChecksums: [...validChecksums] },
    contexts: attributes['contextfilter'] ?? attributes['context'] ?? null,
    labels: attributes['labels'] ?? null,
    runOnChange: isTrue('runonchange'),
    runAlways: isTrue('runalways'),
  };
}

/** Empty where the changeset says that there is nothing to take back. */
function rollbackText(rollback: string | null, values: Surroundings['values']): string | null {
  if (rollback === null) return null;
  return /^(not required|empty)/i.test(rollback) ? '' : expand(rollback, values);
}

/** Names that nothing is known of stay as they are written. */
function expand(text: string, values: Readonly<Record<string, string>>): string {
  return replaceNames(text, (name) => (Object.hasOwn(values, name) ? values[name] : undefined));
}

/** Statements that end by another delimiter, alone on a line or at its end, end by a semicolon. */
function endStatements(sql: string, delimiter: string | undefined): string {
  if (delimiter === undefined || /^;*$/.test(delimiter)) return sql;
  const wanted = delimiter.toLowerCase();
  return sql
    .split('\n')
    .map((line) => {
      const trimmed = line.trimEnd();
      const before = trimmed.slice(0, -delimiter.length);
      return trimmed.toLowerCase().endsWith(wanted) && mayEnd(before, delimiter) ? `${before};` : line;
    })
    .join('\n');
}

/** Not a comment's end or a division, not the end of a word, and nothing in a comment. */
function mayEnd(before: string, delimiter: string): boolean {
  if (delimiter === '/') return before.trim() === '';
  const isApart = !/^\w/.test(delimiter) || /(^|[\s;)])$/.test(before);
  return isApart && !before.includes('--');
}

/** Version 9 of Liquibase's checksums (since 4.22), of one change: white space does not count. */
function liquibaseChecksum(sql: string): string {
  const change = `9:${md5(sql.replace(/[ \t\r\n]/g, ''))}`;
  return `9:${md5(`${change}:`)}`;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
