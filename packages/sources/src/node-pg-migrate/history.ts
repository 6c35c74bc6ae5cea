import type { Assessment, AssessmentInput, ToolHistory } from '@eden/domain';
import { assessVersions, foreignTable, strictly } from '../assess.js';
import { hasColumns, hasTable, probePlace, qualified, readPlace, statement } from '../place.js';

const COLUMNS = { id: 'integer', name: 'character varying', run_on: 'timestamp' };

export const NODE_PG_MIGRATE_HISTORY: ToolHistory = {
  probe: (options) => probePlace({ schema: 'public', table: 'pgmigrations' }, options),
  place: readPlace,
  rows: (place) =>
    hasColumns(place, COLUMNS) ? statement(`SELECT name FROM ${qualified(place)} ORDER BY run_on, id`) : null,
  assess,
};

function assess(input: AssessmentInput): Assessment {
  const { place, rows, options } = input;
  if (hasTable(place) && !hasColumns(place, COLUMNS)) return foreignTable(input, place, 'node-pg-migrate');
  const recorded = rows.map((row) => ({ version: String(row['name']), file: String(row['name']), checksum: null }));
  const rules = strictly({ changed: 'accept', missing: 'refuse', late: 'refuse' }, options.strict);
  return assessVersions({ ...input, recorded, rules });
}
