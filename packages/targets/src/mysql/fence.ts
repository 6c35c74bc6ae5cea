import type { Uuid } from '@eden/domain';
import { literal, whole } from './sql.js';

/** Takes the fence's row, and with it the turn of this migration, to the end of the transaction; tells who has it. */
export function holdFenceSql(migrationUuid: Uuid, preparedId: string): string {
  return `INSERT INTO _eden_fence (migration_uuid, epoch, holder) VALUES (${literal(migrationUuid)}, 0, ${literal(preparedId)})
    ON DUPLICATE KEY UPDATE holder = VALUES(holder)`;
}

/** Raises it; an older epoch leaves it as it is. */
export function raiseFenceSql(migrationUuid: Uuid, epoch: number): string {
  return `INSERT INTO _eden_fence (migration_uuid, epoch) VALUES (${literal(migrationUuid)}, ${whole(epoch)})
    ON DUPLICATE KEY UPDATE epoch = GREATEST(epoch, VALUES(epoch))`;
}

export function readFenceSql(migrationUuid: Uuid): string {
  return `SELECT epoch FROM _eden_fence WHERE migration_uuid = ${literal(migrationUuid)}`;
}
