import type { Assessment, AssessmentInput, JsonObject, SourceProblem, ToolHistory } from '@eden/domain';
import { assessVersions, foreignTable, notEmpty, strictly } from '../assess.js';
import { hasColumns, hasTable, probePlace, qualified, readPlace, statement } from '../place.js';

const COLUMNS = { checksum: 'character varying', migration_name: 'character varying', applied_steps_count: 'integer' };

export const PRISMA_HISTORY: ToolHistory = {
  probe: (options) => probePlace({ schema: 'public', table: '_prisma_migrations' }, options),
  place: readPlace,
  rows: (place) =>
    hasColumns(place, COLUMNS)
      ? statement(
          `SELECT migration_name, checksum, finished_at::text, rolled_back_at::text
           FROM ${qualified(place)} ORDER BY started_at, id`,
        )
      : null,
  assess,
};

function assess(input: AssessmentInput): Assessment {
  const { place, rows, options } = input;
  if (hasTable(place) && !hasColumns(place, COLUMNS)) return foreignTable(input, place, 'Prisma');
  const recorded = rows
    .filter((row) => row['rolled_back_at'] === null && row['finished_at'] !== null)
    .map((row) => ({ version: name(row), file: `${name(row)}/migration.sql`, checksum: String(row['checksum']) }));
  const rules = strictly({ changed: 'refuse', missing: 'accept', late: 'apply' }, options.strict);
  return assessVersions({
    ...input,
    recorded,
    rules,
    problems: [...notEmpty(input, 'Prisma'), ...unfinished(rows)],
    matches: ({ details }, { checksum }) => checksum !== null && hasChecksum(details['checksums'], checksum),
  });
}

/** Old rows hold a checksum without its leading zeros. */
function hasChecksum(checksums: unknown, recorded: string): boolean {
  return Array.isArray(checksums) && checksums.includes(recorded.padStart(64, '0'));
}

function unfinished(rows: readonly JsonObject[]): SourceProblem[] {
  return rows
    .filter((row) => row['finished_at'] === null && row['rolled_back_at'] === null)
    .map((row) => ({
      path: `${name(row)}/migration.sql`,
      message: `it failed half way: mend the database, then "prisma migrate resolve --applied ${name(row)}" or "--rolled-back"`,
    }));
}

function name(row: JsonObject): string {
  return String(row['migration_name']);
}
