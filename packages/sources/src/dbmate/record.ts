import type { HistoryPlace, ToolRecord } from '@eden/domain';
import { createSchema } from '../create-schema.js';
import { hasTable, qualified, statement } from '../place.js';

const insert = (place: HistoryPlace, version: string) =>
  statement(`INSERT INTO ${qualified(place)} (version) VALUES ($1)`, version);

/** dbmate has no lock of its own: two of one version meet at the primary key. */
export const DBMATE_RECORD: ToolRecord = {
  lock: () => [],
  unlock: () => [],
  create: (place) =>
    hasTable(place)
      ? []
      : [...createSchema(place), statement(`CREATE TABLE ${qualified(place)} (version varchar NOT NULL PRIMARY KEY)`)],
  baselined: (place, migrations) => migrations.map(({ version }) => insert(place, version)),
  applied: (place, { version }) => [insert(place, version)],
  removed: (place, { version, file }) => [
    {
      ...statement(`DELETE FROM ${qualified(place)} WHERE version = $1`, version),
      expects: { rows: 1, otherwise: `the history has no row of ${file}` },
    },
  ],
};
