import type { HistoryPlace, SourceMigration, Statement, ToolRecord } from '@eden/domain';
import { createSchema } from '../create-schema.js';
import { hasTable, qualified, statement } from '../place.js';

/** Of Prisma's schema engine. */
const LOCK = '72707369';

export const PRISMA_RECORD: ToolRecord = {
  lock: () => [statement('SELECT pg_advisory_xact_lock($1::bigint)', LOCK)],
  unlock: () => [],
  create: (place) => (hasTable(place) ? [] : createTable(place)),
  // As `prisma migrate resolve --applied` leaves it: no step counted, and an empty log.
  baselined: (place, migrations, { id }) =>
    migrations.map((migration, index) => insert(place, migration, { id: numbered(id, index), steps: 0, logs: '' })),
  applied: (place, migration, { id }) => [insert(place, migration, { id, steps: 1, logs: null })],
  removed: (place, { version, file }) => [
    {
      ...statement(`DELETE FROM ${qualified(place)} WHERE migration_name = $1 AND rolled_back_at IS NULL`, version),
      expects: { rows: 1, otherwise: `the history has no row of ${file}, or several` },
    },
  ],
};

interface Row {
  readonly id: string;
  readonly steps: number;
  readonly logs: string | null;
}

function insert(place: HistoryPlace, { version, checksum }: SourceMigration, { id, steps, logs }: Row): Statement {
  return statement(
    `INSERT INTO ${qualified(place)} (id, checksum, logs, started_at, finished_at, migration_name, applied_steps_count)
     VALUES ($1, $2, $3, now(), clock_timestamp(), $4, $5)`,
    ...[id, checksum, logs, version, steps],
  );
}

/** A uuid of its own for each row of a baseline: the last digits count. */
function numbered(id: string, index: number): string {
  const tail = (BigInt(`0x${id.slice(-12)}`) + BigInt(index)) & 0xffff_ffff_ffffn;
  return id.slice(0, -12) + tail.toString(16).padStart(12, '0');
}

function createTable(place: HistoryPlace): Statement[] {
  return [
    ...createSchema(place),
    statement(`CREATE TABLE ${qualified(place)} (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`),
  ];
}
