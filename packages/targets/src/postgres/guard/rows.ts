import type { QueryResult } from 'pg';
import { ProtocolViolation } from './guard-errors.js';

/** Longer than any name, setting or fingerprint that we ask for. */
const MAX_TEXT_LENGTH = 1024;

/** What a column of our own queries holds. */
export type ColumnType = 'text' | 'number' | 'boolean';
export type Columns<Row> = { readonly [Name in keyof Row]: ColumnType };

/** The one row of a query of ours. @throws ProtocolViolation when the server gives something else */
export function onlyRow<Row>(result: QueryResult | undefined, columns: Columns<Row>): Row {
  const row: unknown = result?.rows[0];
  return checkRow(row, columns);
}

/** A row of a query of ours. @throws ProtocolViolation when the server gives something else */
export function checkRow<Row>(row: unknown, columns: Columns<Row>): Row {
  const values = (row ?? {}) as Record<string, unknown>;
  const fits = Object.entries<ColumnType>(columns).every(([name, type]) => isOf(type, values[name]));
  if (!fits) throw new ProtocolViolation('an answer is not what was asked for');
  return row as Row;
}

function isOf(type: ColumnType, value: unknown): boolean {
  if (type === 'text') return typeof value === 'string' && value.length <= MAX_TEXT_LENGTH;
  return typeof value === type;
}
