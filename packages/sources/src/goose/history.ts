import type { Assessment, AssessmentInput, ToolHistory } from '@eden/domain';
import { assessVersions, foreignTable, strictly } from '../assess.js';
import { compareNumbers } from '../folder.js';
import { hasColumns, hasTable, probePlace, qualified, readPlace, statement } from '../place.js';

const COLUMNS = { version_id: 'bigint', is_applied: 'boolean', tstamp: 'timestamp' };

export const GOOSE_HISTORY: ToolHistory = {
  probe: (options) => probePlace({ schema: null, table: 'goose_db_version' }, options),
  place: readPlace,
  rows: (place) =>
    hasColumns(place, COLUMNS)
      ? statement(`SELECT version_id::text, is_applied FROM ${qualified(place)} ORDER BY id`)
      : null,
  assess,
};

/** Of a version the last row counts: older releases of goose wrote another one to take it back. */
function assess(input: AssessmentInput): Assessment {
  const { place, rows, options } = input;
  if (hasTable(place) && !hasColumns(place, COLUMNS)) return foreignTable(input, place, 'goose');
  const latest = new Map(rows.map((row) => [String(row['version_id']), row['is_applied'] === true]));
  const versions = [...latest]
    .filter(([version, isApplied]) => isApplied && version !== '0')
    .map(([version]) => version);
  const highest = versions.toSorted(compareNumbers).at(-1);
  const recorded = versions.map((version) => ({ version, file: version, checksum: null }));
  const rules = strictly({ changed: 'accept', missing: 'accept', late: 'refuse' }, options.strict);
  return assessVersions({
    ...input,
    // The row of version 0 is no history yet.
    rows: rows.filter((row) => row['version_id'] !== '0'),
    recorded,
    rules,
    // Also where the file of the highest one has gone.
    isLate: ({ version }) => highest !== undefined && compareNumbers(version, highest) < 0,
  });
}
