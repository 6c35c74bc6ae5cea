import type { Assessment, AssessmentInput, JsonObject, SourceMigration, ToolHistory } from '@eden/domain';
import { asRerun, assessVersions, foreignTable, strictly } from '../assess.js';
import type { Recorded } from '../assess.js';
import { hasColumns, hasTable, probePlace, qualified, readPlace, statement } from '../place.js';

const COLUMNS = {
  id: 'character varying',
  author: 'character varying',
  filename: 'character varying',
  orderexecuted: 'integer',
};

export const LIQUIBASE_HISTORY: ToolHistory = {
  probe: (options) => probePlace({ schema: null, table: 'databasechangelog' }, options),
  place: readPlace,
  rows: (place) =>
    hasColumns(place, COLUMNS)
      ? statement(
          `SELECT id, author, filename, md5sum, exectype FROM ${qualified(place)} ORDER BY dateexecuted, orderexecuted`,
        )
      : null,
  assess,
};

function assess(input: AssessmentInput): Assessment {
  const { place, rows, options } = input;
  if (hasTable(place) && !hasColumns(place, COLUMNS)) return foreignTable(input, place, 'Liquibase');
  const prefix = findPrefix(input.migrations, rows);
  const migrations = input.migrations.map((migration) => withPrefix(migration, prefix));
  const recorded = rows.map(toRecorded);
  const known = new Map(recorded.map((row) => [row.version, row]));
  const again = new Set(migrations.filter((migration) => runsAgain(migration, known)).map(({ version }) => version));
  const rules = strictly({ changed: 'refuse', missing: 'accept', late: 'apply' }, options.strict);
  return assessVersions({
    ...input,
    migrations: migrations.map((migration) => (again.has(migration.version) ? asRerun(migration) : migration)),
    recorded: recorded.filter(({ version }) => !again.has(version)),
    rules,
    matches: hasSum,
  });
}

/** An absent sum is accepted, as Liquibase does; so is one of another version of sums, which it brings up to date. */
function toRecorded({ id, author, filename, md5sum }: JsonObject): Recorded {
  const isComparable = typeof md5sum === 'string' && md5sum.startsWith('9:');
  return {
    version: `${String(filename)}::${String(id)}::${String(author)}`,
    file: String(filename),
    checksum: isComparable ? md5sum : null,
  };
}

function hasSum({ checksum, details }: SourceMigration, row: Recorded): boolean {
  const valid = details['validChecksums'];
  const isValid = Array.isArray(valid) && valid.some((sum) => sum === row.checksum || /^(1:)?any$/i.test(String(sum)));
  return checksum === row.checksum || isValid;
}

function runsAgain(migration: SourceMigration, known: ReadonlyMap<string, Recorded>): boolean {
  const row = known.get(migration.version);
  if (row === undefined) return false;
  if (migration.details['runAlways'] === true) return true;
  return migration.details['runOnChange'] === true && row.checksum !== null && !hasSum(migration, row);
}

/**
 * What stands before our paths in the history: Liquibase notes a file by the path that it was given, so the same folder
 * may be `001.sql` here and `db/changelog/001.sql` there. All rows that fit have to agree; of several such, the shortest.
 */
function findPrefix(migrations: readonly SourceMigration[], rows: readonly JsonObject[]): string {
  const own = migrations.filter(({ details }) => details['isLogical'] !== true);
  const known = new Set(own.map(({ details }) => `${keyOf(details)}:${String(details['path'])}`));
  const [first = [], ...others] = rows.map((row) => prefixesOf(row, known)).filter((prefixes) => prefixes.length > 0);
  return first.find((prefix) => others.every((prefixes) => prefixes.includes(prefix))) ?? '';
}

/** The shortest first. */
function prefixesOf(row: JsonObject, known: ReadonlySet<string>): readonly string[] {
  const folders = String(row['filename']).split(/(?<=\/)/);
  const starts = folders.map((_, index) => index);
  return starts
    .filter((start) => known.has(`${keyOf(row)}:${folders.slice(start).join('')}`))
    .map((start) => folders.slice(0, start).join(''));
}

function keyOf({ id, author }: JsonObject): string {
  return `${String(author)}:${String(id)}`;
}

function withPrefix(migration: SourceMigration, prefix: string): SourceMigration {
  const { details, name } = migration;
  if (prefix === '' || details['isLogical'] === true) return migration;
  const path = `${prefix}${String(details['path'])}`;
  return { ...migration, version: `${path}::${name}::${String(details['author'])}`, details: { ...details, path } };
}
