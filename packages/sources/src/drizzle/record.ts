import type { HistoryPlace, SourceMigration, Statement, ToolRecord } from '@eden/domain';
import { createSchema } from '../create-schema.js';
import { hasTable, qualified, statement } from '../place.js';

function insert(place: HistoryPlace, { checksum, details }: SourceMigration): Statement {
  const text = `INSERT INTO ${qualified(place)} ("hash", "created_at") VALUES ($1, $2::bigint)`;
  return statement(text, checksum, String(details['when']));
}

/** Drizzle has no lock of its own. */
export const DRIZZLE_RECORD: ToolRecord = {
  lock: () => [],
  unlock: () => [],
  create: (place) =>
    hasTable(place)
      ? []
      : [
          ...createSchema(place),
          statement(`CREATE TABLE ${qualified(place)} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`),
        ],
  baselined: (place, migrations) => migrations.map((migration) => insert(place, migration)),
  applied: (place, migration) => [insert(place, migration)],
  removed: (place, { details, file }) => [
    {
      ...statement(`DELETE FROM ${qualified(place)} WHERE created_at = $1::bigint`, String(details['when'])),
      expects: { rows: 1, otherwise: `the history has no row of ${file}, or several` },
    },
  ],
};
