import type { Assessment, AssessmentInput, SourceProblem, ToolHistory } from '@eden/domain';
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
  return assessVersions({ ...input, recorded, rules, problems: options.strict === false ? [] : orderProblems(input) });
}

/** The tool compares rows and files place by place (`checkOrder`). A file or a row that is alone is a problem of its own. */
function orderProblems({ migrations, rows }: AssessmentInput): SourceProblem[] {
  const names = rows.map((row) => String(row['name']));
  const at = names.findIndex((name, index) => migrations[index] !== undefined && migrations[index].version !== name);
  const [name, migration] = [names[at], migrations[at]];
  if (name === undefined || migration === undefined || !names.includes(migration.version)) return [];
  if (!migrations.some(({ version }) => version === name)) return [];
  const message = `the history has ${name} in its place: bring the rows into the order of the files by their "run_on", or pass over the order with "strict": false`;
  return [{ path: migration.file, message }];
}
