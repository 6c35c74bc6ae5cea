import type { Uuid } from '@eden/domain';
import { escapeLiteral } from 'pg';

/**
 * Raises the fence of a migration to `epoch`; no row is hit when a newer epoch was there. An upsert, so that a target
 * that lost its row (restored from an older backup) is fenced from then on, too.
 */
export function raiseFenceSql(migrationUuid: Uuid, epoch: number): string {
  return `INSERT INTO _eden.fence AS fence (migration_uuid, epoch) VALUES (${escapeLiteral(migrationUuid)}, ${whole(epoch)})
    ON CONFLICT (migration_uuid) DO UPDATE SET epoch = excluded.epoch WHERE fence.epoch <= excluded.epoch`;
}

/** The fence as it is now. */
export function readFenceSql(migrationUuid: Uuid): string {
  return `SELECT epoch::float8 AS epoch FROM _eden.fence WHERE migration_uuid = ${escapeLiteral(migrationUuid)}`;
}

/** An epoch, a schema version or a number, as SQL. @throws RangeError when it is none. */
export function whole(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`not a whole number: ${value}`);
  return String(value);
}
