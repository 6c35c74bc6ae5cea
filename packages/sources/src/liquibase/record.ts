import type { Execution, HistoryPlace, RecordStep, SourceMigration, Statement, ToolRecord } from '@eden/domain';
import { createSchema } from '../create-schema.js';
import { hasTable, qualified, quote, statement } from '../place.js';

/** Whose history this is written like. */
const LIQUIBASE = '4.28.0';
const HOLDER = 'eden';
const LONGEST_COMMENT = 250;

function lockTable({ schema, table }: HistoryPlace): { schema: string; table: string } {
  return { schema, table: table.toLowerCase() === 'databasechangelog' ? 'databasechangeloglock' : `${table}lock` };
}

/** The lock is a row: taken and given back in one transaction, it is never seen taken by others, who wait for the row. */
export const LIQUIBASE_RECORD: ToolRecord = {
  lock: (place) => [...createLock(place), takeLock(place)],
  unlock: (place) => [
    statement(
      `UPDATE ${qualified(lockTable(place))} SET locked = false, lockgranted = NULL, lockedby = NULL WHERE id = 1`,
    ),
  ],
  create: (place) => (hasTable(place) ? [] : [createTable(place)]),
  baselined: (place, migrations, execution) => migrations.map((migration) => insert(place, migration, execution)),
  applied: (place, migration, execution) => [
    migration.details['isRerun'] === true ? update(place, migration, execution) : insert(place, migration, execution),
  ],
  removed: (place, { details, file }) => [
    {
      ...statement(
        `DELETE FROM ${qualified(place)} WHERE id = $1 AND author = $2 AND filename = $3`,
        ...[String(details['id']), String(details['author']), String(details['path'])],
      ),
      expects: { rows: 1, otherwise: `the history has no row of this changeset of ${file}, or several` },
    },
  ],
};

function createLock(place: HistoryPlace): Statement[] {
  const lock = lockTable(place);
  // Liquibase itself brings back the row of a table that has lost it.
  if (place.siblings.includes(lock.table)) return [restoreRow(lock)];
  return [
    ...createSchema(place),
    statement(`CREATE TABLE ${qualified(lock)} (id INTEGER NOT NULL, locked BOOLEAN NOT NULL,
      lockgranted TIMESTAMP WITHOUT TIME ZONE, lockedby VARCHAR(255),
      CONSTRAINT ${quote(`${lock.table}_pkey`)} PRIMARY KEY (id))`),
    statement(`INSERT INTO ${qualified(lock)} (id, locked) VALUES (1, false)`),
  ];
}

function restoreRow(lock: { schema: string; table: string }): Statement {
  return statement(
    `INSERT INTO ${qualified(lock)} (id, locked) SELECT 1, false WHERE NOT EXISTS (SELECT FROM ${qualified(lock)} WHERE id = 1)
     ON CONFLICT DO NOTHING`,
  );
}

function takeLock(place: HistoryPlace): RecordStep {
  const lock = qualified(lockTable(place));
  return {
    ...statement(
      `UPDATE ${lock} SET locked = true, lockgranted = now(), lockedby = $1 WHERE id = 1 AND NOT locked`,
      HOLDER,
    ),
    expects: {
      rows: 1,
      otherwise: `Liquibase holds its lock (${lock}): wait for it, or run "liquibase release-locks"`,
    },
  };
}

function createTable(place: HistoryPlace): Statement {
  return statement(`CREATE TABLE ${qualified(place)} (id VARCHAR(255) NOT NULL, author VARCHAR(255) NOT NULL,
    filename VARCHAR(255) NOT NULL, dateexecuted TIMESTAMP WITHOUT TIME ZONE NOT NULL, orderexecuted INTEGER NOT NULL,
    exectype VARCHAR(10) NOT NULL, md5sum VARCHAR(35), description VARCHAR(255), comments VARCHAR(255), tag VARCHAR(255),
    liquibase VARCHAR(20), contexts VARCHAR(255), labels VARCHAR(255), deployment_id VARCHAR(10))`);
}

function insert(place: HistoryPlace, migration: SourceMigration, { deployment }: Execution): Statement {
  const { checksum, details } = migration;
  return statement(
    `INSERT INTO ${qualified(place)} (id, author, filename, dateexecuted, orderexecuted, md5sum, description, comments,
       exectype, contexts, labels, liquibase, deployment_id)
     SELECT $1, $2, $3, clock_timestamp(), coalesce(max(orderexecuted), 0) + 1, $4, 'sql', $5, 'EXECUTED', $6, $7, $8, $9
     FROM ${qualified(place)}`,
    ...[String(details['id']), String(details['author']), String(details['path']), checksum],
    ...[
      limited(String(details['comments']).trim()),
      details['contexts'] ?? null,
      details['labels'] ?? null,
      LIQUIBASE,
      deployment,
    ],
  );
}

/** As Liquibase's MarkChangeSetRanGenerator cuts comments (`StringUtil.limitSize`): the column takes 255 characters. */
function limited(text: string): string {
  return text.length > LONGEST_COMMENT ? `${text.slice(0, LONGEST_COMMENT - 3)}...` : text;
}

function update(place: HistoryPlace, migration: SourceMigration, { deployment }: Execution): RecordStep {
  const { checksum, details, file } = migration;
  return {
    ...statement(
      `UPDATE ${qualified(place)} SET dateexecuted = clock_timestamp(), md5sum = $4, exectype = 'RERAN', deployment_id = $5,
         orderexecuted = (SELECT max(orderexecuted) + 1 FROM ${qualified(place)}), liquibase = $6
       WHERE id = $1 AND author = $2 AND filename = $3`,
      ...[String(details['id']), String(details['author']), String(details['path']), checksum, deployment, LIQUIBASE],
    ),
    expects: { rows: 1, otherwise: `the history has no row of this changeset of ${file}, or several` },
  };
}
