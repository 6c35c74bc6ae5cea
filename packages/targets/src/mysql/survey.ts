import type { JsonObject, LintFinding, Preparing, TargetSurvey } from '@eden/domain';
import { endpointUnavailable } from './errors.js';
import type { GuardedSession } from './guard/guarded-session.js';
import type { CatalogWork } from './inspect.js';

const SURVEY = `SELECT DATABASE() AS name, @@global.read_only = 1 AS standby,
  @@global.innodb_flush_log_at_trx_commit AS flush_log, @@global.log_bin AS log_bin, @@global.sync_binlog AS sync_binlog,
  (SELECT GROUP_CONCAT(TABLE_NAME SEPARATOR ', ') FROM information_schema.TABLES
    WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND ENGINE <> 'InnoDB') AS others`;

/** MariaDB knows no limit of its own. */
const MOST_PREPARED = 1_000_000;

/** @throws EdenError ENDPOINT_UNAVAILABLE */
export async function survey(session: GuardedSession, work: CatalogWork): Promise<TargetSurvey> {
  try {
    const {
      rows: [row = {}],
    } = await session.query(SURVEY, work);
    // What a statement sets off here is undone and prepared with it.
    return { preparing: preparingOf(row), findings: findingsOf(row), whyUnprepared: () => Promise.resolve([]) };
  } catch (error) {
    throw endpointUnavailable(work.endpoint.id, error);
  }
}

function preparingOf(row: JsonObject): Preparing {
  const reasons = row['standby'] === 1 ? ['it is read-only (read_only = 1), as a replica is'] : [];
  const possible = reasons.length === 0;
  return { possible, maxPreparedTransactions: MOST_PREPARED, slotsFree: possible ? MOST_PREPARED : 0, reasons };
}

function findingsOf(row: JsonObject): readonly LintFinding[] {
  const lazy = row['flush_log'] !== 1 || (row['log_bin'] === 1 && row['sync_binlog'] !== 1);
  const others = row['others'];
  return [
    ...(lazy ? [finding('lazy-commits', LAZY)] : []),
    ...(typeof others === 'string'
      ? [
          finding(
            'not-transactional',
            `no transaction undoes what is written into ${others}: ALTER TABLE … ENGINE = InnoDB`,
          ),
        ]
      : []),
  ];
}

const LAZY =
  'a crash of the server may lose what it has prepared or committed: set innodb_flush_log_at_trx_commit = 1, and sync_binlog = 1 where it has a binary log';

function finding(rule: string, message: string): LintFinding {
  return { rule, severity: 'warning', message };
}
