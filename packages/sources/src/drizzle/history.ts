import type { Assessment, AssessmentInput, SourceMigration, ToolHistory } from '@eden/domain';
import { assessVersions, foreignTable, refuseAll, strictly } from '../assess.js';
import { hasColumns, hasTable, probePlace, qualified, readPlace, statement } from '../place.js';

const COLUMNS = { id: 'integer', hash: 'text', created_at: 'bigint' };

export const DRIZZLE_HISTORY: ToolHistory = {
  probe: (options) => probePlace({ schema: 'drizzle', table: '__drizzle_migrations' }, options),
  place: readPlace,
  rows: (place) =>
    hasColumns(place, COLUMNS) ? statement(`SELECT hash, created_at::text FROM ${qualified(place)} ORDER BY id`) : null,
  assess,
};

/** Drizzle runs what is younger than the youngest row, and passes over the rest for ever. */
function assess(input: AssessmentInput): Assessment {
  const { place, rows, options, migrations } = input;
  if (hasTable(place) && !hasColumns(place, COLUMNS)) return foreignTable(input, place, 'Drizzle');
  if ('name' in place.columns) {
    return refuseAll(migrations, {
      path: null,
      message: `${qualified(place)} is of Drizzle 1.0, whose histories are not written yet`,
    });
  }
  const tags = new Map(migrations.map(({ version, details }) => [String(details['when']), version]));
  const youngest = rows.reduce((latest, row) => Math.max(latest, Number(row['created_at'])), -Infinity);
  const recorded = rows.map((row) => {
    const when = String(row['created_at']);
    const version = tags.get(when) ?? `created_at ${when}`;
    return { version, file: tags.has(when) ? `${version}.sql` : version, checksum: String(row['hash']) };
  });
  const rules = strictly({ changed: 'refuse', missing: 'accept', late: 'refuse' }, options.strict, 'skip');
  const isLate = ({ details }: SourceMigration): boolean => Number(details['when']) <= youngest;
  const matches = ({ details: { hashes } }: SourceMigration, { checksum }: { checksum: string | null }): boolean =>
    Array.isArray(hashes) && hashes.includes(checksum);
  return assessVersions({ ...input, recorded, rules, isLate, matches });
}
