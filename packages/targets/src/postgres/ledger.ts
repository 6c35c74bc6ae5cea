import type { ParticipantSpec } from '@eden/domain';
import { escapeLiteral } from 'pg';
import { whole } from './fence.js';

/** Takes the run's uuid. */
export const DELETE_LEDGER = 'DELETE FROM _eden.ledger WHERE run_uuid = $1';

/** The ledger row, which proves the commit afterwards, and the gates' new versions. */
export function recordStatements({ runUuid, epoch, number, gates }: ParticipantSpec): string[] {
  const ledger = `INSERT INTO _eden.ledger (run_uuid, epoch, number)
    VALUES (${escapeLiteral(runUuid)}, ${whole(epoch)}, ${whole(number)})`;
  if (gates.length === 0) return [ledger];
  const versions = gates.map((gate) => `(${escapeLiteral(gate.apiUuid)}::uuid, ${whole(gate.schemaVersion)})`);
  const gate = `INSERT INTO _eden.gate (api_uuid, schema_version) VALUES ${versions.join(', ')}
    ON CONFLICT (api_uuid) DO UPDATE SET schema_version = excluded.schema_version`;
  return [ledger, gate];
}
