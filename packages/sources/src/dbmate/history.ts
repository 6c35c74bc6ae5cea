import type { Assessment, AssessmentInput, SourceOptions, Statement, ToolHistory } from '@eden/domain';
import { assessVersions, foreignTable, strictly } from '../assess.js';
import { hasColumns, hasTable, probePlace, qualified, readPlace, statement } from '../place.js';

const COLUMNS = { version: 'character varying' };

export const DBMATE_HISTORY: ToolHistory = {
  probe: (options: SourceOptions): Statement => probePlace({ schema: 'public', table: 'schema_migrations' }, options),
  place: readPlace,
  rows: (place) =>
    hasColumns(place, COLUMNS) ? statement(`SELECT version::text FROM ${qualified(place)} ORDER BY version`) : null,
  assess,
};

/** Rails has the same column; where its `ar_internal_metadata` stands beside it, the table is Rails'. */
function assess(input: AssessmentInput): Assessment {
  const { place, rows, options } = input;
  if (hasTable(place) && (!hasColumns(place, COLUMNS) || place.siblings.includes('ar_internal_metadata'))) {
    return foreignTable(input, place, 'dbmate');
  }
  const recorded = rows.map((row) => ({
    version: String(row['version']),
    file: String(row['version']),
    checksum: null,
  }));
  const rules = strictly({ changed: 'accept', missing: 'accept', late: 'apply' }, options.strict);
  return assessVersions({ ...input, recorded, rules });
}
