import type { LedgerRow, ParticipantSpec, Uuid } from '@eden/domain';
import { escapeLiteral, type QueryResult } from 'pg';
import { whole } from './fence.js';

/** Takes the run's uuid and its token. Also where the schema is still that of before there were tokens. */
export const DELETE_LEDGER = `DELETE FROM _eden.ledger AS ledger
  WHERE run_uuid = $1 AND coalesce(to_jsonb(ledger) ->> 'token', '') = $2`;

/** Of its steps outside the transaction. Takes the run's uuid and its epoch. */
export const DELETE_STEPS = 'DELETE FROM _eden.step WHERE run_uuid = $1 AND epoch <= $2';

/** What of the run has committed here. Also where the schema is still that of before there were tokens. */
export function readLedgerSql(runUuid: Uuid): string {
  return `SELECT epoch::float8 AS epoch, number, coalesce(to_jsonb(ledger) ->> 'token', '') AS token
    FROM _eden.ledger AS ledger WHERE run_uuid = ${escapeLiteral(runUuid)} ORDER BY epoch, number`;
}

/** The token of whichever attempt of the run has committed here. */
export function committedTokenSql(runUuid: Uuid): string {
  return `SELECT token FROM _eden.ledger WHERE run_uuid = ${escapeLiteral(runUuid)} ORDER BY committed_at LIMIT 1`;
}

export function ledgerRows(result: QueryResult | undefined): readonly LedgerRow[] {
  return (result?.rows ?? []) as LedgerRow[];
}

/** The ledger row, which proves the commit afterwards, and the gates' new versions. */
export function recordStatements({ runUuid, epoch, number, token, gates }: ParticipantSpec): string[] {
  const ledger = `INSERT INTO _eden.ledger (run_uuid, epoch, number, token)
    VALUES (${escapeLiteral(runUuid)}, ${whole(epoch)}, ${whole(number)}, ${escapeLiteral(token)})`;
  if (gates.length === 0) return [ledger];
  const versions = gates.map((gate) => `(${escapeLiteral(gate.apiUuid)}::uuid, ${whole(gate.schemaVersion)})`);
  const gate = `INSERT INTO _eden.gate (api_uuid, schema_version) VALUES ${versions.join(', ')}
    ON CONFLICT (api_uuid) DO UPDATE SET schema_version = excluded.schema_version`;
  return [ledger, gate];
}
