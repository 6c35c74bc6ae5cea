import { EdenError, type Uuid } from '@eden/domain';
import { Prisma } from '../generated/client.js';

/**
 * The uuids of those endpoints that have the version with which their targets were looked at. They keep it until the transaction
 * ends: whoever gives a database another id (databases.ts) waits, or was first and is seen here.
 */
export function unchangedEndpoints(used: readonly Uuid[], versions: ReadonlyMap<Uuid, number>): Prisma.Sql {
  const lookedAt = used.map((uuid) => versions.get(uuid) ?? 0);
  return Prisma.sql`
    SELECT e.uuid FROM endpoints e
      JOIN unnest(${[...used]}::uuid[], ${lookedAt}::int[]) AS looked_at (uuid, version)
        ON e.uuid = looked_at.uuid AND e.version = looked_at.version
     ORDER BY e.uuid FOR KEY SHARE OF e`;
}

/** Not the database that was planned, perhaps: one that shared its id with another has got its own meanwhile. */
export function otherDatabase(): EdenError {
  return new EdenError('PLAN_OUT_OF_DATE', { suggestion: 'Run sync and try again' });
}
