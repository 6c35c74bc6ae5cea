import type {
  Assessment,
  AssessmentInput,
  HistoryPlace,
  JsonObject,
  SourceMigration,
  SourceProblem,
  ToolHistory,
} from '@eden/domain';
import { assessVersions, foreignTable, notEmpty, strictly } from '../assess.js';
import type { Recorded } from '../assess.js';
import { hasColumns, hasTable, probePlace, qualified, readPlace, statement } from '../place.js';
import { flywayChecksum } from './checksum.js';
import { canonical, compareVersions } from './names.js';
import { placeText } from './placeholders.js';

const COLUMNS = {
  installed_rank: 'integer',
  version: 'character varying',
  script: 'character varying',
  success: 'boolean',
};

export const FLYWAY_HISTORY: ToolHistory = {
  probe: (options) => probePlace({ schema: null, table: 'flyway_schema_history' }, options),
  place: readPlace,
  rows: (place) =>
    hasColumns(place, COLUMNS)
      ? statement(
          `SELECT installed_rank, version, description, type, script, checksum, success
           FROM ${qualified(place)} ORDER BY installed_rank`,
        )
      : null,
  assess,
};

function assess(input: AssessmentInput): Assessment {
  const { place, options } = input;
  if (hasTable(place) && !hasColumns(place, COLUMNS)) return foreignTable(input, place, 'Flyway');
  const rows = withoutTakenBack(input.rows);
  const migrations = input.migrations.map((migration) => inPlace(migration, place));
  const relevant = relevantMigrations(migrations, rows, input);
  const rules = strictly({ changed: 'refuse', missing: 'refuse', late: 'refuse' }, options.strict);
  const recorded = toRecorded(rows, relevant);
  return assessVersions({
    ...input,
    // The row of a schema that Flyway has made is no history yet.
    rows: rows.filter((row) => row['type'] !== 'SCHEMA'),
    migrations: relevant,
    recorded: options.strict === undefined ? forgiveFuture(recorded, relevant) : recorded,
    rules,
    problems: [...notEmpty(input, 'Flyway'), ...failed(rows)],
    matches: ({ checksum, details }, row) =>
      row.checksum === checksum || (details['kind'] === 'R' && row.checksum === details['raw']),
    isLate: ({ details }) => details['kind'] !== 'R' && isBelow(details['version'], highest(rows)),
  });
}

/** With the names that the database decides in their place; the checksum of a repeatable one counts them. */
function inPlace(migration: SourceMigration, place: HistoryPlace): SourceMigration {
  if (migration.details['isReplaced'] !== true) return migration;
  const up = placeText(migration.up, place);
  const checksum = migration.details['kind'] === 'R' ? String(flywayChecksum(up)) : migration.checksum;
  return { ...migration, up, down: migration.down === null ? null : placeText(migration.down, place), checksum };
}

/** Rows that an undo or a repair has not taken back since. */
function withoutTakenBack(rows: readonly JsonObject[]): JsonObject[] {
  return rows.filter((row, index) => {
    if (isSynthetic(row)) return false;
    const isSame = (later: JsonObject): boolean =>
      later['version'] === row['version'] && (row['version'] !== null || later['description'] === row['description']);
    return !rows.slice(index + 1).some((later) => isSynthetic(later) && isSame(later));
  });
}

function isSynthetic({ type }: JsonObject): boolean {
  return type === 'DELETE' || String(type).startsWith('UNDO');
}

function isBaseline({ type }: JsonObject): boolean {
  return type === 'BASELINE' || type === 'SQL_BASELINE';
}

function highest(rows: readonly JsonObject[]): string | null {
  return rows
    .map((row) => row['version'])
    .filter((version) => typeof version === 'string')
    .reduce<string | null>((top, version) => (top === null || compareVersions(version, top) > 0 ? version : top), null);
}

function isBelow(version: unknown, other: string | null): boolean {
  return typeof version === 'string' && other !== null && compareVersions(version, other) < 0;
}

/** Without what stands below a baseline, and without baselines where there is a history already. */
function relevantMigrations(
  migrations: readonly SourceMigration[],
  rows: readonly JsonObject[],
  input: AssessmentInput,
): SourceMigration[] {
  const begun = rows.some((row) => row['type'] !== 'SCHEMA') || input.options.baseline !== undefined;
  const recorded = highest(rows.filter(isBaseline));
  const own = begun
    ? null
    : (migrations.findLast(({ details }) => details['kind'] === 'B')?.details['version'] ?? null);
  return migrations.filter(({ details, version }) => {
    if (details['kind'] === 'R') return true;
    if (details['kind'] === 'B')
      return begun
        ? rows.some((row) => isBaseline(row) && row['version'] === version.slice(2))
        : details['version'] === own;
    const base = recorded ?? (typeof own === 'string' ? own : null);
    return base === null || compareVersions(String(details['version']), base) > 0;
  });
}

function toRecorded(rows: readonly JsonObject[], migrations: readonly SourceMigration[]): Recorded[] {
  const files = new Map(migrations.map((migration) => [keyOf(migration), migration]));
  const latest = new Map<string, Recorded>();
  for (const row of rows) {
    if (row['type'] === 'SCHEMA' || row['type'] === 'BASELINE' || row['success'] !== true) continue;
    const key = keyOfRow(row);
    const version = files.get(key)?.version ?? key.replace(/^V /, '');
    latest.set(key, { version, file: String(row['script']), checksum: String(row['checksum']) });
  }
  return [...latest].filter(([key, row]) => !isRunAgain(files.get(key), row)).map(([, row]) => row);
}

/** `005` in one and `5` in the other are one version. */
function keyOf({ details }: SourceMigration): string {
  const { kind, version, description } = details;
  return typeof version === 'string' ? `${String(kind)} ${canonical(version)}` : `R ${String(description)}`;
}

function keyOfRow({ version, description, type }: JsonObject): string {
  if (typeof version !== 'string') return `R ${String(description)}`;
  return `${type === 'SQL_BASELINE' ? 'B' : 'V'} ${canonical(version)}`;
}

/** A repeatable script whose checksum differs is pending again, not changed. */
function isRunAgain(file: SourceMigration | undefined, { checksum }: Recorded): boolean {
  if (file?.details['kind'] !== 'R') return false;
  return file.checksum !== checksum && file.details['raw'] !== checksum;
}

/** Flyway lets a history be ahead of the folder (`*:future`), but not have what the folder has lost. */
function forgiveFuture(recorded: readonly Recorded[], migrations: readonly SourceMigration[]): Recorded[] {
  const top = highest(migrations.map(({ details }) => ({ version: details['version'] ?? null })));
  const versions = new Set(migrations.map(({ version }) => version));
  return recorded.filter(
    ({ version }) =>
      versions.has(version) || version.startsWith('R ') || (top !== null && compareVersions(version, top) <= 0),
  );
}

function failed(rows: readonly JsonObject[]): SourceProblem[] {
  return rows
    .filter((row) => row['success'] !== true)
    .map((row) => ({
      path: String(row['script']),
      message: 'it failed half way: mend the database, then run "flyway repair"',
    }));
}
