import type { TransactionObservation } from '@eden/domain';
import type { QueryResult } from 'pg';
import { ProtocolViolation } from './guard/guard-errors.js';
import { readSql } from './sql.js';

/** For the transaction that it is sent in. */
export const HELD_LOCKS = readSql('held-locks');

/** Longer than the names of a schema and a table, each with its quotes. */
const LONGEST_NAME = 300;

/** @throws ProtocolViolation for an answer of another shape */
export function observationOf({ rows: [row] }: QueryResult): TransactionObservation {
  const { wal_position: walPosition, locks } = (row ?? {}) as Readonly<Record<string, unknown>>;
  const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= LONGEST_NAME;
  if (typeof walPosition !== 'number' || !Array.isArray(locks)) throw unexpected();
  const held = (locks as { readonly object?: unknown; readonly mode?: unknown }[]).map(({ object, mode }) => {
    if (!isText(object) || !isText(mode)) throw unexpected();
    return { object, mode };
  });
  return { locks: held, walPosition };
}

function unexpected(): ProtocolViolation {
  return new ProtocolViolation('an answer is not what was asked for');
}
