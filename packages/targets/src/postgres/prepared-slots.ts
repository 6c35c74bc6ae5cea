import type { QueryResult } from 'pg';
import { readSql } from './sql.js';

export const PREPARED_SLOTS = readSql('prepared-slots');

/** A prepared transaction that takes one of the server's places for them; in wire spelling, as errors tell of it. */
export type SlotHolder = {
  readonly prepared_id: string;
  readonly role: string;
  readonly database: string;
  readonly age_ms: number;
};

export function slotHolders(result: QueryResult | undefined): readonly SlotHolder[] {
  return (result?.rows ?? []).map((row: Record<string, unknown>) => ({
    prepared_id: String(row['gid']),
    role: String(row['owner']),
    database: String(row['database']),
    age_ms: Number(row['age_ms']),
  }));
}

/** What is to be done about a server whose places are all taken. */
export function slotsTaken(holders: readonly SlotHolder[], most?: number): string {
  const [oldest] = holders;
  const who =
    oldest === undefined
      ? ''
      : `; the oldest is "${oldest.prepared_id}" of ${oldest.role} in ${oldest.database}, for ${Math.round(oldest.age_ms / 1000)} s`;
  const count = most === undefined ? 'all' : `all ${most}`;
  return `${count} prepared transactions that its max_prepared_transactions allows are taken${who}: raise it, or end those that nobody will`;
}
