import type { RunBinding, Uuid } from '@eden/domain';
import { Prisma } from '../generated/client.js';

/** The record of one binding of a run, and where it stands. */
interface PlacedRunBinding {
  readonly api: Uuid;
  readonly position: number;
  readonly binding: RunBinding;
}

/**
 * Rows of API, position and record, in three parameters however many they are. Records travel as texts: a function that
 * takes JSON apart refuses what JSON may hold, such as NUL.
 */
export function runBindingRows(bindings: readonly PlacedRunBinding[]): Prisma.Sql {
  const apis = bindings.map(({ api }) => api);
  const positions = bindings.map(({ position }) => position);
  const records = bindings.map(({ binding }) => JSON.stringify(binding));
  return Prisma.sql`(
    SELECT api_uuid, position, record::json
      FROM unnest(${apis}::uuid[], ${positions}::int[], ${records}::text[]) AS given (api_uuid, position, record))`;
}
