import type { HistoryPlace, SourceMigration, Statement, ToolRecord } from '@eden/domain';
import { createSchema } from '../create-schema.js';
import { hasTable, qualified, quote, statement } from '../place.js';

const LOCK_MAGIC = 77_431_708_279_161n;

/** The key of Flyway's lock (PostgreSQLAdvisoryLockTemplate): a constant plus Java's hash of `"schema"."table"`. */
export function flywayKey(place: HistoryPlace): string {
  return String(LOCK_MAGIC + BigInt(javaHash(qualified(place))));
}

function javaHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

interface Row {
  readonly version: string | null;
  readonly description: string;
  readonly type: string;
  readonly script: string;
  readonly checksum: string | null;
  readonly executionTimeMs: number;
}

/** Place of the execution time among the params of `insert`. */
const EXECUTION_TIME = 5;

function insert(place: HistoryPlace, row: Row): Statement {
  const text = `INSERT INTO ${qualified(place)}
      (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
    SELECT coalesce(max(installed_rank), 0) + 1, $1, $2, $3, $4, $5::integer, current_user, round($6::numeric)::integer, true FROM ${qualified(place)}`;
  return statement(text, row.version, row.description, row.type, row.script, row.checksum, row.executionTimeMs);
}

function versionOf({ details }: SourceMigration): string | null {
  return typeof details['version'] === 'string' ? details['version'] : null;
}

const BASELINE = '<< Flyway Baseline >>';

export const FLYWAY_RECORD: ToolRecord = {
  lock: (place) => [statement('SELECT pg_advisory_xact_lock($1::bigint)', flywayKey(place))],
  unlock: () => [],
  create: (place) => (hasTable(place) ? [] : createTable(place)),
  // Flyway notes the version alone, and no file below it.
  baselined: (place, migrations) => {
    const last = migrations.findLast((migration) => versionOf(migration) !== null);
    if (last === undefined) return [];
    const row = { version: versionOf(last), description: BASELINE, type: 'BASELINE', script: BASELINE };
    return [insert(place, { ...row, checksum: null, executionTimeMs: 0 })];
  },
  applied: (place, migration, { executionTimeMs }) => [
    {
      ...insert(place, {
        version: versionOf(migration),
        description: migration.name,
        type: migration.details['kind'] === 'B' ? 'SQL_BASELINE' : 'SQL',
        script: migration.file,
        checksum: migration.checksum,
        executionTimeMs,
      }),
      executionTimeAt: EXECUTION_TIME,
    },
  ],
  removed: (place, migration) => [
    {
      ...statement(
        `DELETE FROM ${qualified(place)} WHERE installed_rank =
           (SELECT max(installed_rank) FROM ${qualified(place)} WHERE script = $1 AND version IS NOT DISTINCT FROM $2)`,
        migration.file,
        versionOf(migration),
      ),
      expects: { rows: 1, otherwise: `the history has no row of ${migration.file}` },
    },
  ],
};

function createTable(place: HistoryPlace): Statement[] {
  const table = qualified(place);
  return [
    ...createSchema(place),
    statement(`CREATE TABLE ${table} (
    "installed_rank" INT NOT NULL,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INTEGER,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TIMESTAMP NOT NULL DEFAULT now(),
    "execution_time" INTEGER NOT NULL,
    "success" BOOLEAN NOT NULL
)`),
    statement(`ALTER TABLE ${table} ADD CONSTRAINT ${quote(`${place.table}_pk`)} PRIMARY KEY ("installed_rank")`),
    statement(`CREATE INDEX ${quote(`${place.table}_s_idx`)} ON ${table} ("success")`),
  ];
}
