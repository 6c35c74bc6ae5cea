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
    migrations.map((migration, index) =>
      insert(place, migration, { id: numbered(id, index), steps: 0, logs: '', executionTimeMs: 0 }),
    ),
  applied: (place, migration, { id, executionTimeMs }) => [
    {
      ...insert(place, migration, { id, steps: 1, logs: null, executionTimeMs }),
      executionTimeAt: EXECUTION_TIME,
    },
  ],
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
  readonly executionTimeMs: number;
}

/** Place of the execution time among the params of `insert`. */
const EXECUTION_TIME = 5;

/** Prisma orders its history by the times at which its files were begun. */
function insert(place: HistoryPlace, { version, checksum }: SourceMigration, row: Row): Statement {
  const { id, steps, logs, executionTimeMs } = row;
  return statement(
    `INSERT INTO ${qualified(place)} (id, checksum, logs, started_at, finished_at, migration_name, applied_steps_count)
     SELECT $1, $2, $3, ended - $6::float8 * interval '1 millisecond', ended, $4, $5::integer FROM clock_timestamp() ended`,
    ...[id, checksum, logs, version, steps, executionTimeMs],
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
