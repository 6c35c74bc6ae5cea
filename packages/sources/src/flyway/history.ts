import type {
  Assessment,
  AssessmentInput,
  HistoryPlace,
  JsonObject,
  SourceMigration,
  SourceProblem,
  ToolHistory,
} from '@eden/domain';
import { asRerun, assessVersions, foreignTable, notEmpty, strictly } from '../assess.js';
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
  const latest = latestRows(rows);
  const relevant = relevantMigrations(migrations, rows, input).map((migration) => withRerun(migration, latest));
  const rules = strictly({ changed: 'refuse', missing: 'refuse', late: 'refuse' }, options.strict);
  const recorded = toRecorded(latest, relevant);
  return assessVersions({
    ...input,
    // The row of a schema that Flyway has made is no history yet.
    rows: rows.filter((row) => row['type'] !== 'SCHEMA'),
    migrations: relevant,
    recorded: options.strict === undefined ? forgiveFuture(recorded, relevant) : recorded,
    rules,
    problems: [...notEmpty(input, 'Flyway'), ...failed(rows)],
    // Where a repeatable one differs it is not among the recorded ones, except where it is not to be executed.
    matches: ({ checksum, details }, row) => details['kind'] === 'R' || row.checksum === checksum,
    differs: (migration) => difference(migration, latest.get(keyOf(migration))),
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

/** Without what stands below a baseline or is not to be executed, and without baselines where there is a history already. */
function relevantMigrations(
  migrations: readonly SourceMigration[],
  rows: readonly JsonObject[],
  input: AssessmentInput,
): SourceMigration[] {
  const begun = rows.some((row) => row['type'] !== 'SCHEMA') || input.options.baseline !== undefined;
  const recorded = highest(rows.filter(isBaseline));
  const keys = new Set(rows.map(keyOfRow));
  const executed = migrations.filter((migration) => !isSkipped(migration) || keys.has(keyOf(migration)));
  const own = begun ? null : (executed.findLast(({ details }) => details['kind'] === 'B')?.details['version'] ?? null);
  return executed.filter(({ details, version }) => {
    if (details['kind'] === 'R') return true;
    if (details['kind'] === 'B')
      return begun
        ? rows.some((row) => isBaseline(row) && row['version'] === version.slice(2))
        : details['version'] === own;
    const base = recorded ?? (typeof own === 'string' ? own : null);
    return base === null || compareVersions(String(details['version']), base) > 0;
  });
}

/** With `shouldExecute=false`: Flyway passes over it, and compares it only where it has been applied before. */
function isSkipped({ details }: SourceMigration): boolean {
  return details['isSkipped'] === true;
}

/** The last row of each script that has been applied. */
function latestRows(rows: readonly JsonObject[]): ReadonlyMap<string, JsonObject> {
  const scripts = rows.filter(({ type, success }) => type !== 'SCHEMA' && type !== 'BASELINE' && success === true);
  return new Map(scripts.map((row) => [keyOfRow(row), row]));
}

function toRecorded(latest: ReadonlyMap<string, JsonObject>, migrations: readonly SourceMigration[]): Recorded[] {
  const files = new Map(migrations.map((migration) => [keyOf(migration), migration]));
  return [...latest].flatMap(([key, row]) => {
    const file = files.get(key);
    const version = file?.version ?? key.replace(/^V /, '');
    const recorded = { version, file: String(row['script']), checksum: String(row['checksum']) };
    return file?.details['isRerun'] === true ? [] : [recorded];
  });
}

/** What an empty description is called in histories of some databases. */
const NO_DESCRIPTION = '<< no description >>';

/** Flyway compares type and description of versioned scripts, and nothing of a baseline's. */
function difference({ details }: SourceMigration, row: JsonObject | undefined): string | null {
  if (details['kind'] !== 'V' || row === undefined) return null;
  const [type, description] = [String(row['type']), String(row['description'])];
  if (type !== 'SQL') {
    return `the history has it as a migration of the type ${type}, not as SQL: put back what was applied, or pass over it with "strict": false`;
  }
  if ((description === NO_DESCRIPTION ? '' : description) === details['description']) return null;
  return `the history has it as "${description}": give the file its old name back, or pass over it with "strict": false`;
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
function withRerun(migration: SourceMigration, latest: ReadonlyMap<string, JsonObject>): SourceMigration {
  const { checksum, details } = migration;
  const row = latest.get(keyOf(migration));
  if (row === undefined || details['kind'] !== 'R' || isSkipped(migration)) return migration;
  return [checksum, details['raw']].includes(String(row['checksum'])) ? migration : asRerun(migration);
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
