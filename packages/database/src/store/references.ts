import { asUuid, EdenError, isUuid, type ErrorCode, type Ref, type Uuid } from '@eden/domain';

/** Finds by uuid or by id. An id may look like a uuid: what really has that uuid goes first. */
export async function findByRef<Row>(
  ref: Ref,
  byUuid: (uuid: Uuid) => Promise<Row | null>,
  byId: (id: string) => Promise<Row | null>,
): Promise<Row | null> {
  return (isUuid(ref) ? await byUuid(asUuid(ref)) : null) ?? (await byId(ref));
}

/** Code, key and noun of each kind of thing that can be missing. */
const MISSING = {
  endpoint: { code: 'ENDPOINT_NOT_FOUND', key: 'endpoint_id' },
  template: { code: 'TEMPLATE_NOT_FOUND', key: 'template_id' },
  api: { code: 'API_NOT_FOUND', key: 'api_id' },
  migration: { code: 'MIGRATION_NOT_FOUND', key: 'migration_id' },
} as const satisfies Record<string, { code: ErrorCode; key: string }>;

/** The row, or the guide's 404. `ref` is repeated as it was asked for. */
export function found<Row>(row: Row | null, noun: keyof typeof MISSING, ref: Ref): Row {
  if (row !== null) return row;
  const { code, key } = MISSING[noun];
  throw new EdenError(code, { [key]: ref, suggestion: `Verify ${noun} exists in your organization` });
}
