import type { JsonObject, KnownRun, LedgerRow, ParticipantSpec, Uuid } from '@eden/domain';
import { literal, whole } from './sql.js';

/** What of the run has committed here. */
export function readLedgerSql(runUuid: Uuid): string {
  return `SELECT epoch, number, token FROM _eden_ledger WHERE run_uuid = ${literal(runUuid)} ORDER BY committed_at, epoch, number`;
}

export function deleteLedgerSql({ uuid, token }: KnownRun): string {
  return `DELETE FROM _eden_ledger WHERE run_uuid = ${literal(uuid)} AND token = ${literal(token)}`;
}

export function ledgerRows(rows: readonly JsonObject[]): readonly LedgerRow[] {
  return rows.map(({ epoch, number, token }) => ({
    epoch: Number(epoch),
    number: Number(number),
    token: String(token),
  }));
}

/** The row that proves the commit afterwards. */
export function insertLedgerSql({ runUuid, epoch, number, token }: ParticipantSpec): string {
  return `INSERT INTO _eden_ledger (run_uuid, epoch, number, token)
    VALUES (${literal(runUuid)}, ${whole(epoch)}, ${whole(number)}, ${literal(token)})`;
}
