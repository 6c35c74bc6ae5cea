import { asUuid, isUuid, type Ref, type Uuid } from '@eden/domain';
import { notFound, type MissingModel } from '../not-found.js';

/** Finds by uuid or by id. An id may look like a uuid: what really has that uuid goes first. */
export async function findByRef<Row>(
  ref: Ref,
  byUuid: (uuid: Uuid) => Promise<Row | null>,
  byId: (id: string) => Promise<Row | null>,
): Promise<Row | null> {
  return (isUuid(ref) ? await byUuid(asUuid(ref)) : null) ?? (await byId(ref));
}

/** The row, or the error that says what is missing. `ref` is repeated as it was asked for. */
export function found<Row>(row: Row | null, model: MissingModel, ref: Ref): Row {
  if (row === null) throw notFound(model, ref);
  return row;
}

/** A text as a pattern of LIKE that means nothing but itself: Prisma takes `%` and `_` for what they are there. */
export function literally(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
