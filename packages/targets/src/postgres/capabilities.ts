import { EdenError, type Endpoint } from '@eden/domain';
import { DatabaseError, type QueryResult } from 'pg';
import { onlyRow, type Columns } from './guard/rows.js';
import { readSql } from './sql.js';

/*
 * Servers that speak PostgreSQL's protocol and are none (CockroachDB, YugabyteDB and others) are known by what they cannot
 * do, never by their name: one that learns it is welcome. What the gates and the atomic commit stand on is tried in the
 * transaction that inspects a target.
 */

export const CAPABILITIES = readSql('capabilities');

interface CapabilitiesRow {
  readonly isolation: string;
  readonly locks: boolean;
  readonly snapshots: boolean;
}

const COLUMNS: Columns<CapabilitiesRow> = { isolation: 'text', locks: 'boolean', snapshots: 'boolean' };

/** What of a catalog query only a look-alike refuses: functions, tables, types, settings and grammar that every PostgreSQL has. */
const UNKNOWN_THERE = new Set(['42883', '42P01', '42704', '42703', '42601', '0A000']);

/** What the server lacks, in words; null where it has all. */
export function lacking(result: QueryResult | undefined): string | null {
  const { isolation, locks, snapshots } = onlyRow(result, COLUMNS);
  if (!locks) return 'its advisory locks lock nothing, and they keep executions and migrations apart';
  if (isolation !== 'read committed')
    return `it makes ${isolation} of READ COMMITTED, and each statement has to see what the one before it waited for`;
  return snapshots ? null : 'its transactions have no numbers, by which a participant knows its own';
}

/** The same, of an error of the queries that ask; null where it is another one. */
export function lacks(error: unknown): string | null {
  if (!(error instanceof DatabaseError) || !UNKNOWN_THERE.has(error.code ?? '')) return null;
  return `it does not know what is asked of every PostgreSQL from 14 on (${error.message.slice(0, 200)})`;
}

export function lookAlike({ id }: Endpoint, missing: string, cause?: unknown): EdenError {
  const details = `The server is no PostgreSQL, or one that is too old or too different: ${missing}`;
  const context = { endpoint_id: id, reason: 'not_postgresql', details, setting: null };
  return new EdenError('ENDPOINT_NOT_ALLOWED', context, { cause });
}
