import { asUuid, type AuditEntry, type AuditFilter, type AuditLog, type AuditRecord, type Uuid } from '@eden/domain';
import type { Client, Db } from '../client.js';
import type { Prisma } from '../generated/client.js';
import { fromJson, toJson } from '../json.js';
import { scopeToOrganization } from '../scope.js';
import { readPage } from '../store/paging.js';
import { newUuid } from '../uuid.js';
import { verifyAudit } from './verification.js';

const WITH_LINK = { link: true } as const satisfies Prisma.AuditEntryInclude;

type EntryRow = Prisma.AuditEntryGetPayload<{ include: typeof WITH_LINK }>;

// An entry has tens of kilobytes at most, and each statement its limit of time.
const EXPORTED_AT_ONCE = 100;

/** What one organization did. */
export function createAuditLog(client: Client, organizationUuid: Uuid): AuditLog {
  const db = scopeToOrganization(client, organizationUuid);
  return {
    append: (entry) => appendAudit(db, organizationUuid, entry),
    entries: (filter, page) =>
      readPage(
        page,
        ({ where, ...keyset }) =>
          db.auditEntry.findMany({ where: { ...matching(filter), ...where }, ...keyset, include: WITH_LINK }),
        toRecord,
      ),
    export: (filter) => exportAudit(db, filter),
    verify: (known) => verifyAudit(client, organizationUuid, known),
  };
}

/** In the transaction of what it tells, where there is one. */
export async function appendAudit(
  db: Db,
  organizationUuid: Uuid,
  { actor, action, subject, data, origin, result }: AuditEntry,
): Promise<void> {
  const from = { origin: origin?.address ?? null, requestId: origin?.requestId ?? null };
  const what = { actor, action, subject, data: toJson(data), ...(result === undefined ? {} : { result }) };
  await db.auditEntry.create({ data: { uuid: newUuid(), organizationUuid, ...what, ...from } });
}

function matching({ actor, action, subject, since, until }: AuditFilter): Prisma.AuditEntryWhereInput {
  const between = { ...(since === undefined ? {} : { gte: since }), ...(until === undefined ? {} : { lt: until }) };
  const given = Object.entries({ actor, action, subject }).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), createdAt: between };
}

function toRecord({ uuid, createdAt, data, link, ...row }: EntryRow): AuditRecord {
  const { actor, action, subject, origin, requestId, result } = row;
  const place = link?.position == null || link.hash === null ? null : toPosition(link.position, link.hash);
  const names = { uuid: asUuid(uuid), at: createdAt, actor, action, subject };
  return { ...names, origin, requestId, result, data: fromJson(data), link: place };
}

function toPosition(position: bigint, hash: Uint8Array): { position: number; hash: string } {
  return { position: Number(position), hash: Buffer.from(hash).toString('hex') };
}

async function* exportAudit(db: Db, filter: AuditFilter): AsyncIterable<readonly AuditRecord[]> {
  let after: EntryRow | undefined;
  do {
    const rows: EntryRow[] = await db.auditEntry.findMany({
      where: { ...matching(filter), AND: after === undefined ? [] : behind(after) },
      orderBy: [{ createdAt: 'asc' }, { uuid: 'asc' }],
      take: EXPORTED_AT_ONCE,
      include: WITH_LINK,
    });
    yield rows.map(toRecord);
    after = rows.length < EXPORTED_AT_ONCE ? undefined : rows.at(-1);
  } while (after !== undefined);
}

/** The first condition follows from the second; it is the one that an index can use. */
function behind({ createdAt, uuid }: EntryRow): Prisma.AuditEntryWhereInput[] {
  return [{ createdAt: { gte: createdAt } }, { OR: [{ createdAt: { gt: createdAt } }, { uuid: { gt: uuid } }] }];
}
