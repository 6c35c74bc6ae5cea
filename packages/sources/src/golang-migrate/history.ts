import type { Assessment, AssessmentInput, SourceFileStatus, SourceMigration, ToolHistory } from '@eden/domain';
import { findLimits, foreignTable, refuseAll } from '../assess.js';
import { compareNumbers } from '../folder.js';
import { hasColumns, hasTable, probePlace, qualified, readPlace, statement } from '../place.js';

const COLUMNS = { version: 'bigint', dirty: 'boolean' };

export const GOLANG_MIGRATE_HISTORY: ToolHistory = {
  probe: (options) => probePlace({ schema: null, table: 'schema_migrations' }, options),
  place: readPlace,
  rows: (place) =>
    hasColumns(place, COLUMNS) ? statement(`SELECT version::text, dirty FROM ${qualified(place)}`) : null,
  assess,
};

/** One row says it all: everything up to its version has been applied. */
function assess(input: AssessmentInput): Assessment {
  const { place, rows, migrations } = input;
  if (hasTable(place) && !hasColumns(place, COLUMNS)) {
    return foreignTable(input, place, 'golang-migrate');
  }
  const problem = rowProblem(input);
  if (problem !== null) return refuseAll(migrations, { path: null, message: problem });
  const version = rows[0] === undefined ? null : String(rows[0]['version']);
  return assessUpTo(input, version);
}

function rowProblem({ place, rows, migrations }: AssessmentInput): string | null {
  const [row] = rows;
  if (row === undefined) return null;
  const table = qualified(place);
  if (rows.length > 1)
    return `${table} has ${rows.length} rows where golang-migrate keeps one: leave the one that holds`;
  const version = String(row['version']);
  if (row['dirty'] !== false) {
    return `the database is dirty: version ${version} failed half way; mend it by hand, then set it with "migrate force"`;
  }
  if (migrations.some((migration) => migration.version === version)) return null;
  return `the database is at version ${version}, and the folder has no file of it: put the file back`;
}

function assessUpTo(input: AssessmentInput, version: string | null): Assessment {
  const { migrations, options } = input;
  const { baseline, to, problems } = findLimits(input);
  const isApplied = (migration: SourceMigration): boolean =>
    version !== null && compareNumbers(migration.version, version) <= 0;
  const statuses = migrations.map((migration, index): SourceFileStatus => {
    const { file, version: own } = migration;
    if (isApplied(migration)) return { file, version: own, state: 'applied', reason: null };
    if (index <= baseline) return { file, version: own, state: 'applied', reason: 'it counts as applied: baseline' };
    const reason = index > to ? `behind ${String(options.to)}, where the migration stops` : null;
    return { file, version: own, state: 'pending', reason };
  });
  const pending = migrations.filter((migration, index) => !isApplied(migration) && index > baseline && index <= to);
  return { migrations, statuses, pending, baseline: migrations.slice(0, baseline + 1), problems };
}
