import { asUuid, isUuid, validationError, type Page, type PageRequest, type Uuid } from '@eden/domain';

/*
 * Keyset paging, newest first: a cursor is the last row's (created_at, uuid), so that a page costs the same wherever it
 * starts, and rows that come or go in between neither repeat nor hide others.
 */

interface Position {
  readonly createdAt: Date;
  readonly uuid: Uuid;
}

interface Keyed {
  readonly createdAt: Date;
  readonly uuid: string;
}

/** What a page's query adds to its own conditions. */
export interface Keyset {
  readonly where: { AND: { createdAt?: { lte: Date }; OR?: object[]; uuid?: { notIn: string[] } }[] };
  readonly orderBy: [{ createdAt: 'desc' }, { uuid: 'desc' }];
  readonly take: number;
}

/** Runs the query for one row more than the page has: it tells whether there is a next one. */
export async function readPage<Row extends Keyed, Item>(
  request: PageRequest,
  find: (keyset: Keyset) => Promise<readonly Row[]>,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  const rows = await find(keyset(request));
  const shown = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? shown.at(-1) : undefined;
  return { items: shown.map(toItem), nextCursor: last === undefined ? null : formatCursor(last) };
}

function keyset({ limit, cursor, hidden = [] }: PageRequest): Keyset {
  const after = cursor === null ? [] : behind(parseCursor(cursor));
  const readable = hidden.length === 0 ? [] : [{ uuid: { notIn: [...hidden] } }];
  return {
    where: { AND: [...after, ...readable] },
    orderBy: [{ createdAt: 'desc' }, { uuid: 'desc' }],
    take: limit + 1,
  };
}

/** The first condition follows from the second; it is the one that an index can use. */
function behind({ createdAt, uuid }: Position): Keyset['where']['AND'] {
  return [{ createdAt: { lte: createdAt } }, { OR: [{ createdAt: { lt: createdAt } }, { uuid: { lt: uuid } }] }];
}

export function formatCursor({ createdAt, uuid }: Keyed): string {
  return Buffer.from(`${createdAt.getTime()}.${uuid}`).toString('base64url');
}

/** @throws EdenError VALIDATION_FAILED */
export function parseCursor(cursor: string): Position {
  const [, time, uuid = ''] = /^(\d{1,14})\.(.{36})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (!isUuid(uuid)) throw validationError([{ path: 'cursor', message: 'Is not a cursor of a list' }]);
  return { createdAt: new Date(Number(time)), uuid: asUuid(uuid) };
}
