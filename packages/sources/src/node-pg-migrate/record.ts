import type { HistoryPlace, Statement, ToolRecord } from '@eden/domain';
import { createSchema } from '../create-schema.js';
import { hasTable, qualified, statement } from '../place.js';

/** PG_MIGRATE_LOCK_ID of node-pg-migrate. */
const LOCK = '7241865325823964';

const insert = (place: HistoryPlace, name: string): Statement =>
  statement(`INSERT INTO ${qualified(place)} (name, run_on) VALUES ($1, NOW())`, name);

export const NODE_PG_MIGRATE_RECORD: ToolRecord = {
  lock: () => [statement('SELECT pg_advisory_xact_lock($1::bigint)', LOCK)],
  unlock: () => [],
  create: (place) =>
    hasTable(place)
      ? []
      : [
          ...createSchema(place),
          statement(
            `CREATE TABLE ${qualified(place)} (id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`,
          ),
        ],
  baselined: (place, migrations) => migrations.map(({ version }) => insert(place, version)),
  applied: (place, { version }) => [insert(place, version)],
  removed: (place, { version, file }) => [
    {
      ...statement(`DELETE FROM ${qualified(place)} WHERE name = $1`, version),
      expects: { rows: 1, otherwise: `the history has no row of ${file}, or several` },
    },
  ],
};
